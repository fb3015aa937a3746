//! Printed pages: every kind prints, the same each time, with nothing of the data taken for markup.

use std::collections::BTreeMap;

use wubu::diag::{Diagnostic, codes};
use wubu::documents::{
    ActorMark, AnswerFacts, Authorship, Document, DocumentFacts, DocumentKey, DocumentMarks, DocumentOrder,
    DocumentState, Edition, FieldFacts, ItemFacts, OfficerFacts, OfficialNumber, Printer, Series,
    SubjectFacts, TitledId,
};
use wubu::files::SHIPPED;
use wubu::id::OrderId;
use wubu::lang::Lang;
use wubu::office::{self, ActContext, DocumentCommand, Make, examine_texts};
use wubu::policy::{Category, DocumentKind, is_policy_path};

use super::{Desk, ZONE, run, stamp};

fn text(text: &str) -> String {
    text.to_owned()
}

pub(crate) fn facts(kind: &DocumentKind) -> DocumentFacts {
    let field = |id: &str, title: &str, value: &str| FieldFacts {
        id: text(id),
        title: text(title),
        value: text(value),
        ..FieldFacts::default()
    };
    let problems = FieldFacts {
        id: text("problems"),
        title: text("发现的问题"),
        columns: vec![text("项目"), text("等级"), text("说明")],
        rows: vec![
            vec![text("商品质量情况"), text("重大"), text("货架上有 3 盒过期牛奶 <script>alert(1)</script>")],
            vec![text("供货渠道信息"), text("一般"), text("进货台账缺 2 月记录")],
        ],
        ..FieldFacts::default()
    };
    let items = ["主体资格", "前置许可情况", "商品质量情况"];
    let answer = AnswerFacts {
        step: text("patrol"),
        title: text("巡查记录"),
        visit: 1,
        on: text("2026-03-10"),
        items: items.map(|title| ItemFacts { title: text(title), result: text("符合"), note: None }).to_vec(),
        fields: vec![field("arrived", "到场时间", "2026-03-10T09:30"), problems],
    };
    let officer = |id: &str, name: &str| OfficerFacts {
        id: text(id),
        name: text(name),
        certificate: Some(text("11010512345")),
        stands_for: None,
    };
    DocumentFacts {
        bureau: text("示例分局"),
        title: kind.title.clone(),
        says: kind.says.iter().flat_map(|says| says.lines().map(str::to_owned)).collect(),
        station: TitledId { id: text("dongguan"), title: text("东关工商所") },
        order: DocumentOrder {
            id: text("dongguan-1"),
            number: text("东关工商所〔2026〕1号"),
            workflow: text("五步监管法"),
            tier: text("甲"),
            from: text("2026-02-28"),
            to: text("2026-03-13"),
        },
        subject: SubjectFacts {
            id: text("91440300708461136T"),
            name: text("东关 <甲> 食品店"),
            fields: vec![
                field("industry", "行业", "食品、饮料及烟草制品专门零售"),
                field("registered", "成立日期", "2020年1月1日"),
                field("address", "经营地址", "东关街 1 号"),
            ],
        },
        step: TitledId { id: text("patrol"), title: text("第二步 实地巡查") },
        officers: vec![officer("P1", "潘一"), officer("P2", "裴二")],
        approver: Some(officer("S1", "孙所")),
        answers: vec![answer],
        documents: vec![wubu::documents::DocumentListing {
            title: text("监管指令单"),
            number: text("示监令〔2026〕1号"),
            on: text("2026-02-28"),
            keep: text("years10"),
        }],
        reason: None,
        replaces: None,
        language: wubu::lang::Lang::Zh,
        edition: Edition::FIRST,
    }
}

pub(crate) fn document(kind: &DocumentKind, state: DocumentState) -> Document {
    let series = kind.prefix.clone().map(|prefix| Series { prefix, organ: text("示"), year: 2026 });
    Document {
        key: DocumentKey { order: OrderId { home: text("dongguan"), seq: 1 }, ordinal: 1 },
        kind: kind.id.clone(),
        step: text("patrol"),
        visit: 1,
        station: text("dongguan"),
        state,
        number: series.map(|series| OfficialNumber { series, n: 7, shape: None }),
        control: None,
        made: Authorship { by: vec![text("P1"), text("P2")], at: stamp("2026-03-10") },
        marks: DocumentMarks {
            approval: Some(ActorMark { by: text("S1"), at: stamp("2026-03-13") }),
            ..DocumentMarks::default()
        },
        replaces: None,
        replaced_by: None,
    }
}

/// With `WUBU_PAGES` set to a folder, the pages are written there to be looked at.
#[test]
fn every_kind_prints_the_same_page_twice() {
    let live = office::load_shipped(Lang::Zh).expect("the shipped policy loads");
    let mut of: BTreeMap<Category, usize> = BTreeMap::new();
    for kind in &live.policy.documents {
        *of.entry(kind.category).or_default() += 1;
        let (document, facts) = (document(kind, DocumentState::Approved), facts(kind));
        let print = || Printer::new(&live.policy).print(kind, &document, &facts, ZONE);
        let page = print().unwrap_or_else(|fault| panic!("{}: {fault:?}", kind.id));
        assert_eq!(Ok(&page), print().as_ref(), "{}", kind.id);
        let title = kind.title.replace('/', "&#x2f;");
        assert!(page.contains(&title) && page.contains("@page"), "{}", kind.id);
        assert!(!page.contains("<script") && !page.contains("<甲>"), "{}", kind.id);
        if let Some(number) = &document.number {
            assert!(page.contains(&number.to_string()), "{}", kind.id);
        }
        if let Some(folder) = std::env::var_os("WUBU_PAGES") {
            std::fs::create_dir_all(&folder).expect("a folder");
            let path = std::path::Path::new(&folder).join(format!("{}.html", kind.id));
            std::fs::write(path, page).expect("written");
        }
        let draft = Document {
            number: None,
            marks: DocumentMarks::default(),
            ..self::document(kind, DocumentState::Draft)
        };
        let empty = Printer::new(&live.policy).print(kind, &draft, &DocumentFacts::default(), ZONE);
        assert!(empty.expect("an empty draft prints").contains("草稿"), "{}", kind.id);
    }
    let counts: Vec<usize> = of.into_values().collect();
    assert_eq!(counts[..3], [28, 8, 11], "the 47 kinds of the domain report");
}

/// Prints a kind of the shipped policy in a language, in the newest edition.
fn newest(lang: Lang, id: &str, facts: impl FnOnce(DocumentFacts) -> DocumentFacts) -> String {
    let live = office::load_shipped(lang).expect("the shipped policy loads");
    let kind = live.policy.document(id).expect("a kind");
    let newest = DocumentFacts { language: lang, edition: Edition::NEWEST, ..self::facts(kind) };
    let page =
        Printer::new(&live.policy).print(kind, &document(kind, DocumentState::Signed), &facts(newest), ZONE);
    page.unwrap_or_else(|fault| panic!("{id}: {fault:?}"))
}

/// What was found first stands under its own heading, and neither its checklist nor its arrival is said again.
#[test]
fn a_record_tells_its_own_visit_from_the_one_before() {
    for (lang, own, earlier) in [
        (Lang::Zh, "整改复查情况", "前次检查发现的问题"),
        (Lang::En, "<h2 class=\"hei\">Record", "What the visit before found"),
    ] {
        let revisit = |facts: DocumentFacts| {
            let second = AnswerFacts {
                step: text("revisit"),
                title: text("回访记录"),
                on: text("2026-03-20"),
                fields: vec![FieldFacts {
                    title: text("结果"),
                    value: text("已整改"),
                    ..FieldFacts::default()
                }],
                ..AnswerFacts::default()
            };
            let step = TitledId { id: text("revisit"), title: text("第五步 回访") };
            DocumentFacts { answers: [facts.answers, vec![second]].concat(), step, ..facts }
        };
        let page = newest(lang, "reg.revisit", revisit);
        let (before, now) = page.split_once(own).unwrap_or_else(|| panic!("{own} is not in {page}"));
        assert!(before.contains(earlier) && before.contains("供货渠道信息"), "{before}");
        assert!(now.contains("已整改") && !now.contains("供货渠道信息"), "{now}");
        assert!(!page.contains("主体资格") && !page.contains("09:30"), "{page}");
        assert!(now.contains("潘一") && now.contains("裴二"), "who signed stands on it: {now}");
        // The first visit's own paper says all of it.
        let page = newest(lang, "reg.patrol", |facts| facts);
        assert!(page.contains("主体资格") && page.contains("09:30") && !page.contains(earlier), "{page}");
        // A paper of a step without a form says all that there is.
        let other = TitledId { id: text("file"), title: text("归档") };
        let page = newest(lang, "reg.patrol", |facts| DocumentFacts { step: other, ..facts });
        assert!(page.contains("主体资格") && page.contains("09:30"), "{page}");
    }
}

#[test]
fn an_order_in_english_says_until_when_and_for_whom() {
    let page = newest(Lang::En, "reg.order", |facts| facts);
    for words in ["2026-02-28 to 2026-03-13", "Tier", "潘一 (certificate 11010512345)", "Issued by: 孙所"]
    {
        assert!(page.contains(words), "{words} is not in {page}");
    }
    assert!(!page.contains("Summary") && !page.contains("Proposal"), "{page}");
}

fn problems(template: &str) -> Vec<Diagnostic> {
    let shipped = SHIPPED.iter().filter(|(path, _)| is_policy_path(path));
    let mut texts: Vec<(String, Vec<u8>)> =
        shipped.map(|(path, text)| ((*path).to_owned(), text.as_bytes().to_vec())).collect();
    texts.push((text("rules/templates/reg.order.html"), template.as_bytes().to_vec()));
    examine_texts(texts, Vec::new()).diagnostics
}

#[test]
fn a_template_is_checked_when_the_policy_is() {
    let found = |template: &str| {
        let found = problems(template);
        found.first().map(|problem| (problem.code, problem.span.start))
    };
    assert_eq!(
        found("{% extends \"letter\" %}\n{% block body %}<p>{{ facts.title }}</p>{% endblock %}\n"),
        None
    );
    let (code, at) = found("<p>\n{% if facts.title %}\n</p>").expect("an open if");
    assert_eq!((code, at > 3), (codes::TEMPLATE_SYNTAX, true));
    assert_eq!(found("<p>\n{{ facts.title | gone }}").map(|(code, _)| code), Some(codes::TEMPLATE_FAILS));
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}x{% endfor %}{% endfor %}";
    assert_eq!(found(endless).map(|(code, _)| code), Some(codes::TEMPLATE_FAILS));
}

/// Whatever a template holds, it is told as a problem of it; none ends the process.
#[test]
fn hostile_templates_are_told() {
    let many =
        |head: &str, part: &str, count: usize, tail: &str| format!("{head}{}{tail}", part.repeat(count));
    let hostile = [
        many("{{ 1", "+1", 30_000, " }}"),
        many("{{ ", "not ", 30_000, "1 }}"),
        many("{{ ", "-", 30_000, "1 }}"),
        many("{{ x", ".x", 30_000, " }}"),
        many("{{ x", "|upper", 30_000, " }}"),
        many("{{ x", "[0]", 30_000, " }}"),
        many("{{ ", "[", 30_000, " }}"),
        many("{{ ", "(", 30_000, " }}"),
        many("{{ ", "a if b else ", 9_000, "c }}"),
        many("{% if a %}", "{% elif b %}x", 9_000, "{% endif %}"),
        many("", "{% if a %}", 9_000, ""),
        many("", "{% for a in b %}", 9_000, ""),
        "{% set ns = namespace(x=[1]) %}{% for i in range(50000) %}{% set ns.x = [ns.x] %}{% endfor %}{{ ns.x }}".to_owned(),
        "{% macro f(x, n) %}{{ f([x], n + 1) }}{% endmacro %}{{ f(1, 1) }}".to_owned(),
        "{% include 'reg.order' %}".to_owned(),
        many("{% for i in range(90000) %}", "x", 4_000, "{% endfor %}"),
    ];
    for template in hostile {
        let found = problems(&template);
        let told = found.first().map(|problem| problem.code);
        let head: String = template.chars().take(40).collect();
        assert!(matches!(told, Some(codes::TEMPLATE_SYNTAX | codes::TEMPLATE_FAILS)), "{head}: {told:?}");
    }
}

#[test]
fn what_was_signed_prints_as_it_was_signed() {
    run(async {
        let desk = Desk::new("2026-03-02").await;
        let (now, later) = (stamp("2026-03-02"), stamp("2026-05-06"));
        let cx = ActContext::new(&desk.store, &desk.live, now);
        let mut tx = desk.store.begin_on(["dongguan"]).await.expect("a transaction");
        let wish = Make {
            order: OrderId { home: text("dongguan"), seq: 1 },
            kind: text("gui.suggest"),
            step: text("guidance"),
            visit: 1,
            station: text("dongguan"),
            by: vec![text("P1"), text("P2")],
            facts: DocumentFacts::default(),
        };
        office::make_many(cx, &mut tx, vec![wish]).await.expect("made");
        tx.commit().await.expect("committed");
        let id = "dongguan-1/2"; // The first is what the step of issue drafts.
        office::act_on_document(cx, id, &DocumentCommand::Approve, "S1").await.expect("approved");
        let before = office::render_document(cx, id).await.expect("printed");
        assert!(before.html.contains("示市监建议〔2026〕1号") && before.html.contains("二〇二六年三月二日"));
        assert!(before.html.contains("东关 &lt;甲&gt; 食品店"));
        assert!(!before.changed);
        // The subject has another name now, and the policy another page for the kind.
        let renamed = super::SUBJECTS.replace("东关 <甲> 食品店", "西河食品店");
        desk.import(wubu::policy::ImportKind::Subjects, &renamed, later).await;
        let template =
            (text("rules/templates/gui.suggest.html"), b"<p>{{ facts.subject.name }}</p>".to_vec());
        let texts = desk.live.texts.iter().cloned().chain([template]).collect();
        let proposed = examine_texts(texts, desk.live.places.clone()).live.expect("it loads");
        let live = office::activate(&desk.store, proposed, "story", later).await.expect("a release");
        let after =
            office::render_document(ActContext::new(&desk.store, &live, later), id).await.expect("printed");
        assert_eq!((after.html == before.html, after.changed), (true, false));
    });
}
