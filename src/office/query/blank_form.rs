//! The form that a step of an order wants, empty.

use std::collections::BTreeMap;

use crate::engine::ActiveStep;
use crate::forms::{items_of, rows_to_answer};
use crate::office::active_release::release_of;
use crate::office::find_order::{find_order, no_such_order};
use crate::office::{ActContext, Answer};
use crate::policy::{Form, Item, ItemAnswers, StepKind};
use crate::store::progress;

/// A form before it is filled.
#[derive(Clone, Debug)]
pub struct BlankForm {
    pub form: Form,
    /// What is checked on this order.
    pub items: Vec<Item>,
    /// What that is answered with.
    pub answers: ItemAnswers,
    /// What the rows of another step are called that a field answers one by one, by the field's id.
    pub rows: BTreeMap<String, Vec<String>>,
}

/// Returns the form of a step of an order, or of the first step in hand that has one; none where none has.
///
/// # Refusals
/// R004.
pub async fn blank_form(cx: ActContext<'_>, id: &str, step: Option<&str>) -> Answer<Option<BlankForm>> {
    let mut reader = cx.store.read().await?;
    let row = find_order(cx, &mut reader, id).await?;
    let loaded = progress::load_many(&mut reader, [&row.header.id]).await?.pop();
    let loaded = loaded.ok_or_else(|| no_such_order(id))?;
    let pinned = release_of(&mut reader, cx.live, &loaded.policy).await?;
    let policy = &pinned.policy;
    let Some(workflow) = policy.workflow(&loaded.order.cover.workflow) else { return Ok(None) };
    let open = loaded.order.state.places().iter().map(|ActiveStep { step, .. }| step.as_str());
    let steps = open.filter(|_| step.is_none()).chain(step);
    let mut forms = steps.filter_map(|step| match &workflow.step(step)?.kind {
        StepKind::Duty { form: Some(form), .. } => policy.form(&workflow.id, form),
        _ => None,
    });
    let Some(form) = forms.next() else { return Ok(None) };
    let tier = loaded.order.cover.tier.as_deref().and_then(|id| policy.tier(id));
    let (of_tier, added) =
        tier.map_or((&[][..], &[][..]), |(_, tier)| (tier.items.as_slice(), tier.added.as_slice()));
    let items = items_of(form, of_tier, added);
    let rows = form.fields.iter().filter_map(|field| {
        let source = field.for_each.as_ref()?;
        let answer = loaded.order.passed(&source.step)?.answer.as_deref()?;
        let rows = answer.get(&source.field)?.as_array()?;
        Some((field.id.clone(), rows_to_answer(field, rows).into_iter().map(str::to_owned).collect()))
    });
    let rows = rows.collect();
    Ok(Some(BlankForm { form: form.clone(), items, answers: policy.answers.clone(), rows }))
}
