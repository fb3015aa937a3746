# 一条指令的经过：每件事一句话
told-opened = {$who} 下达，原定到期 {$nominal}，最迟 {$due} 办完
told-opened-undated = {$who} 下达，最迟 {$due} 办完
told-entered = 进入“{$step}”，经办：{$people}
told-entered-step = 进入“{$step}”
told-entered-step-due = 进入“{$step}”，{$due} 前办完
told-entered-due = 进入“{$step}”，经办：{$people}，{$due} 前办完
told-term-missing = “{$field}”没有填写，“{$step}”按规则里写明的期限办
story-field = {$step}的“{$field}”
term-source = （依{$field}）
told-late-at-opening = “{$step}”交来时已经过了第 {$level} 级的时点（0 级是快到期限），只告知这一次
told-completed = {$who} 办结“{$step}”
told-completed-action = {$who} 办结“{$step}”：{$action}
told-went = 转入“{$to}”
told-went-say = {$say}，转入“{$to}”
told-done = “{$step}”办完
told-ended = 到“{$step}”，指令办结
told-stuck = “{$step}”办完，但判断去向的规则出错，等规则改好再走：{$cause}
told-retried = 规则改好，“{$step}”重新判断去向
told-bound = “{$step}”已办满 {$visits} 次，改走“{$to}”
told-claimed = {$who} 签收“{$step}”
told-returned = {$who} 退回“{$step}”
told-recalled = {$who} 撤回已办结的“{$step}”
told-transferred = {$who} 把“{$step}”转办给 {$to}
told-delegated = {$who} 委派 {$to} 办理“{$step}”，本人仍负责
told-signer-added = {$who} 请 {$to} 对“{$step}”加签
told-signed = {$who} 签署“{$step}”
told-to-confirm = “{$step}”的{$what}，等 {$people} 本人确认
told-to-confirm-anew = “{$step}”的{$what}，重新申请，代替前一次，等 {$people} 本人确认
told-confirmed = {$who} 本人确认“{$step}”的{$what}
told-nudged = {$who} 催办“{$step}”
told-copied = {$who} 把“{$step}”抄送 {$to}
told-extended = {$who} 延长“{$step}”的期限 {$by}（原到 {$from}），批准人 {$approver}
told-paused = {$who} 中止“{$step}”计时，批准人 {$approver}
told-held = 收到外部信号 {$signal}，“{$step}”暂停办理，期限不再计算
told-resumed = {$who} 恢复“{$step}”计时，{$due} 前办完
told-waived = 当事人书面放弃“{$step}”的等待期
told-cancelled = {$who} 撤销了这条指令
told-moved = 监管对象迁移：{$from} → {$to}
told-handed-over = “{$step}”交给 {$to} 接着办
told-signal = 收到外部信号 {$signal}
told-signal-failed = “{$step}”的法定期限届满，但后面的办理没有成功：{$clock}
told-sub-order-ended = “{$step}”等待的{$workflow}办完
told-migrated = 改按第 {$release} 号发布的规则继续办，在“{$step}”
told-migrated-due = 改按第 {$release} 号发布的规则继续办，在“{$step}”，{$due} 到期
told-wait-over = “{$step}”的等待期满，可以办理
told-reminded = “{$step}”快到期了，提醒经办人
told-escalated = “{$step}”超期，第 {$level} 级督办
told-alarm = “{$step}”的法定期限将满，预警
told-clock-ended = “{$step}”的法定期限届满
told-in-place = ，代{$of}
told-late-order = {$who} 交来的内容迟到，已留存
told-late = {$who} 为“{$step}”提交的内容迟到，已留存
told-date-moved = 工作日历改动，日期移动：{$from} → {$to}
told-date-set = 工作日历改动，定下日期：{$to}
told-other = {$event}
told-reason = （{$reason}）
told-written = （自称办于 {$written}）
told-document = ，凭 {$document}
told-excluded = 没有选：{$people}
told-why = {$who}（{$why}）
told-short = 合格的人不够，交给 {$people} 处理
told-items = 检查项目
told-none = 无
told-files = {$count} 份
told-answer = {$field}：{$value}
told-nobody = 待签收
story-now = 现在：
story-places-duty = “{$step}”第 {$visit} 次，经办：{$people}
story-places-waiting = “{$step}”第 {$visit} 次，{$until} 起可以办理，经办：{$people}
story-places-orders = “{$step}”第 {$visit} 次，等另开的指令办完
story-places-parts = “{$step}”第 {$visit} 次，等各部分办完
story-places-stuck = “{$step}”第 {$visit} 次，等规则改好：{$cause}
story-places-confirmation = “{$step}”第 {$visit} 次，等署名确认后办结
story-delegate = ，{$to} 受 {$from} 委派
story-signers = ，等 {$people} 加签
story-paused = 自 {$from} 起暂停：{$reason}
story-unconfirmed = “{$step}”第 {$visit} 次的{$what}：{$officer}（尚未确认）
story-asked-extension = ，{$by_law ->
    [yes] 依法定期限延长
   *[other] 延长 {$length}
 }，由 {$from} 延至 {$until}（{$reason}）
story-asked-pause = ，自 {$from} 起不计期限（{$reason}）
story-sign = 由本人署名：wubu order act {$order} sign --step {$step} --as {$officer}
confirmed-completion = 办理
confirmed-extension = 延期
confirmed-pause = 中止
story-due = {$day} 到期，{$count ->
    [none] 就是今天
   *[many] 还有 {$days} 天
 }
story-overdue = {$day} 到期，{$count ->
    [one] 已超 1 天
   *[many] 已超 {$days} 天
 }
story-paper-visit = ，第 {$visit} 次的
story-paper-signed-by = ，待签批：{$roles}
story-paper-waits = ，等 {$people} 确认
story-approve-after = 要等 {$people} 本人确认（签署 sign）以后，才能签批、办结
story-actions = 现在可以办：
act-complete = 办结
act-return = 退回上一步
act-claim = 签收
act-transfer = 转办
act-delegate = 委派
act-add-signer = 加签
act-sign = 签署
act-recall = 撤回
act-nudge = 催办
act-copy = 抄送
act-extend = 延期
act-pause = 中止计时
act-resume = 恢复计时
act-waive = 当事人放弃等待
act-cancel = 撤销
act-retry = 规则改好后继续
story-action = {$roles}：{$actions}
story-documents = 文书：
story-parent = 来源指令
story-sub-orders = 另开的指令
story-related = {$number}（{$id}）{ $open ->
    [yes] 在办{ $some ->
        [yes] ：{$people}
       *[no] {""}
     }
   *[no] 已了结
 }
term-wait = 等待期满
term-clock = 法定期限
term-alarm = 法定期限预警

V008 = 指令 {$order} 的{$what ->
    [progress] 办理情况
    [terms] 期限
    [errands] 待发通知
    [answers] 按发件键留存的答复
    [files] 附件
   *[untold] 经过
 }与留痕重演的结果不符
    .help = 表里的内容被直接改动过；从备份恢复，或把这条指令交给管理员核对
V009 = {$table ->
    [term] 期限到点的记录
    [duty] 在办分工
    [workload] 各人的在办件数
    [skip] 跳过的记录
    [due] 到期表
    [submission] 逾期提交的记录
    [notice] 通知与已告知的内容
    [document] 步骤制作的文书
   *[occurrence] 触发的记录
 }与留痕不符（{$station}）：有行被直接加入、删除或改动
    .help = 从备份恢复，或把核验结果交给管理员
V010 = 监管对象 {$subject}（{$station}）的指令已经下达，到期表里却还有它
    .help = 从备份恢复，或把核验结果交给管理员
V011 = {$table ->
    [post] 任职
    [leave] 请假
    [delegation] 授权
    [conflict] 回避
    [service] 人员的离任日期或邮箱
    [release] 发布
    [proposal] 待批的规则
    [policy_version] 规则文本所属的发布
    [policy_text] 规则文本
    [decision] 评定依据
    [fact] 文书的内容
    [watermark] 触发的水位
    [tally] 限额的计数
    [meta] 设置
    [outbox] 待发通知
    [notice] 通知
    [progress] 留存的办理情况，指令
    [appraisal] 评定，监管对象
    [order_year] 年度编号的起点
    [order_floor] 恢复时为各所指令编号留下的起点
    [incident] 停办的记录
    [term] 期限，指令
    [act] 留存的答复，指令
    [attachment] 附件，指令
    [blank_issue] 空白文书的发放
   *[blank_close] 月结
 } {$row} 与留痕不符：被直接加入、删除或改动过
    .help = 能重新算出的表用 wubu verify --repair 重算；其余的只能从备份恢复
V012 = 指令 {$order} 的附件“{$file}”不是交来时的样子：文件不见了，或内容、所记的情况被改动过
    .help = 从备份恢复这个文件；它在数据库旁的文件夹里，以内容摘要为名
told-cell = ，
told-row = ；
signal-subject-closed = 监管对象注销
signal-subject-suspended = 监管对象歇业
signal-subject-resumed = 监管对象恢复营业
signal-subject-moved = 监管对象迁移
signal-officer-left = 人员离岗
signal-calendar-changed = 日历变动
signal-tier-changed = 等级变动
the-engine = 系统
