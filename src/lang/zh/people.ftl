# 人员：为什么没有选他，为什么不能由他办

excluded-unknown = 名册里没有这个人
excluded-left = 当日已离岗
excluded-leave = 当日休假
excluded-post = 当日不在岗位上
excluded-uncertified = 没有执法证
excluded-lapsed = 执法证当日已过期
excluded-conflict = 对这个对象回避
excluded-avoided = 经办过前面的步骤，这一步须由别人办
exclusion-unknown = 名册里没有这个人
exclusion-left = 已于 {$on} 离岗
exclusion-leave = 休假至 {$to}，替班：{$substitute}
exclusion-post = 当日不在“{$role}”岗位上
exclusion-uncertified = 没有执法证
exclusion-lapsed = 执法证已于 {$until} 到期
exclusion-conflict = 应当回避（{$document}）
exclusion-avoided = 经办过“{$because}”，不能再由本人办理这一步

R020 = 人员名册里没有“{$officer}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 请核对工号；新来的人员先导入名册（wubu import officers）
R021 = “{$officer}”已于 {$on} 离岗，不能再办理
    .help = 请由接手的人员办理；离岗日期写错的，用 wubu officer left 改正
R022 = “{$officer}”正在休假，至 {$to}{$replaced ->
    [yes] ，替班：{$substitute}
   *[no] ，没有安排替班
 }
    .help = 休假期间由替班人员办理；提前销假的，本人或者负责人用 wubu officer leave 把休假结束日改早；登记错了的，加 --withdraw 撤销
R023 = “{$officer}”没有执法证，这一步要求持证人员办理
    .help = 请换持证人员；已经领证的，把证号和有效期导入名册
R024 = “{$officer}”的执法证有效期至 {$until}，当日已经无效
    .help = 请换证件有效的人员；已经换证的，把新的有效期导入名册
R025 = “{$officer}”对这个对象应当回避（{$document}）
    .help = 请由其他人员办理，或由所长重新指派
R026 = “{$officer}”经办过“{$step}”，不能再由本人审查、批准自己办的事
    .help = 经办和审查必须是两个人。请由没有经办过这件事的人办理
R027 = 这一步不是“{$officer}”的，现由 {$assignees} 办理
    .help = 请由经办人办理；需要换人的，由经办人或所长转办
R028 = 这一步须由“{$role}”办理，“{$officer}”当日不任此职
    .help = {$some ->
        [yes] 任此职的：{$able}。请由其办理，或凭其书面委托办理
       *[no] 请由任此职的人员办理，或凭其书面委托办理；没有人任此职的，请上一级负责人安排
     }
R029 = 这一步已由“{$officer}”签收
    .help = 请由签收人办理，或请其退回后再签收
R030 = 这一步须有 {$needed} 名人员共同办理，现在只有 {$present} 名
    .help = 一个人不能单独办理。请经办人或所长写明同去的人：wubu order act 指令 transfer --to 工号,工号 --reason 理由
R031 = “{$officer}”写了两次，须是不同的两个人
    .help = 请写另一位共同办理的人员
R032 = 这一步只能由“{$role}”本人办理
    .help = 依法不得委托、不得代签。请由主要负责人办理
R033 = “{$officer}”手中的权限是受委托得来的，不能再转委托
    .help = 请由原委托人另行书面委托
R034 = 起止日期写反了：{$from} 在 {$to} 之后
    .help = 起始日不能晚于结束日
R035 = 没有写明依据的文书
    .help = 须有书面依据，请写文书名称或文号
R189 = “{$officer}”不在“{$station}”任职，这一步由那个所的人员办理
    .help = 请写本所的人员；主体换了管辖所的，先导入登记簿，手头的事会自动移过去
R036 = “{$officer}”不能替自己、也不能委托给自己
    .help = 请写另一位人员
R037 = “{$officer}”的回避应当由{$decider ->
    [collective] 负责人集体讨论
    [principal] 主要负责人
   *[head] 本所负责人或分局负责人
 }决定
    .help = 一般人员由负责人决定，分管负责人由主要负责人决定，主要负责人由集体讨论决定；用 --decided-by 工号写明是谁决定的，由其本人登记
R038 = 规则改动的起草人“{$officer}”不能批准自己的改动
    .help = 请由另一人批准
R039 = 规则里没有“{$role}”这个角色或岗位{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 角色在 bureau.yaml 的 roles 里，岗位在 rules/duties.yaml 里
R090 = “{$officer}”手里还有 {$blanks} 份空白文书，不能办离岗
    .help = 先由文书保管员收回，或者作废、报失；手里有哪些，用 wubu document list --blanks --officer 查

cli-officer = 查看人员，登记任职、休假、离岗、委托、回避
cli-officer-example = wubu officer leave P01 --from 2026-03-01 --to 2026-03-05 --substitute P04 --as P07
cli-officer-list-example = wubu officer list --station 东关工商所
cli-officer-show-example = wubu officer show P001
cli-officer-post-example = wubu officer post P004 --role 监管人员 --from 2026-03-01 --as P049
cli-officer-leave-example = wubu officer leave P001 --from 2026-03-01 --to 2026-03-05 --substitute P004 --as P049
cli-officer-left-example = wubu officer left P001 --on 2026-03-31 --as P049
cli-officer-delegate-example = wubu officer delegate P049 --taker P053 --from 2026-03-01 --to 2026-03-05 --document 委托1号 --as P049
cli-officer-conflict-example = wubu officer conflict P001 --subject 91210100TEST0001X5 --decided-by P049 --document 回避1号 --as P049
cli-officer-email-example = wubu officer email P001 --address p001@example.cn --as P001
cli-officer-list = 列出人员
cli-officer-show = 一个人的全部情况
cli-officer-post = 登记任职或岗位及其起止日期
substitute-uncertified = 注意：替班的 {$who} 没有有效的执法证，要持证人员办的步骤不会交过去，由同片区的人或者负责人接手
cli-officer-leave = 登记休假和替班；同一天起休的以后一次为准
cli-officer-left = 登记离岗，当日 24:00 起不能再办理
cli-officer-delegate = 登记书面委托
cli-officer-conflict = 登记回避
cli-officer-email = 登记接收通知的邮箱
cli-arg-role = 角色或岗位
cli-arg-from-day = 首日
cli-arg-until-day = 末日
cli-arg-to-day = 末日
cli-arg-substitute = 替班的人
cli-arg-taker = 受托人
cli-arg-document = 依据的文书
cli-arg-decided-by = 决定人；不写是集体讨论决定
cli-arg-address = 邮箱地址
head-officer = 工号
head-roles = 岗位
head-certified = 执法证
head-open = 在办
head-left = 离岗
head-email = 邮箱
head-post = 任职
head-leave = 休假
leave-substitute = 替班：{$who}
every-workflow = 所有流程
head-delegation = 委托
recusal-waits = （集体讨论决定，{$officer} 已登记；另一位负责人也照样登记后才算数）
head-recusal = 回避
service-serving = 在岗
service-on-leave = 休假
service-left = 已离岗
power-word = {$power ->
    [post] 安排该人员的岗位、职责
    [leave] 登记该人员的请假
    [departure] 登记该人员离岗
    [delegation] 登记这项授权委托
    [conflict] 登记该人员的回避
    [address] 登记该人员的通知地址
    [import] 导入监管对象和检查记录
    [import-staff] 导入人员、工商所和片区
    [apply] 启用或提交新的规则
    [approve] 批准提交的规则
    [rollback] 退回以前的规则
    [calendar] 导入工作日历
    [signal] 发出该监管对象的信号
    [open] 手工下达指令
    [retry] 让停住的指令继续，或再试没送达的消息
    [issue] 向该所发放空白文书
    [keep] 领发、收回或作废这份空白文书
    [lost] 报告这份空白文书遗失
    [close-month] 办理该月文书结账
    [draft] 制作或报批这份文书
    [sign-off] 签批、退回或作废这份文书
    [seal] 给这份文书盖章
    [serve] 登记这份文书的送达
    [file] 归档这些文书
    [correct] 更正或撤销这份文书
    [accept-clock] 认可系统时钟
    [repair] 按留痕重算各表
    [nudge] 催办这条指令
    [copy] 抄送这条指令
    [attach] 给这条指令提交材料
   *[other] 办这件事
 }

R150 = {$officer} 不能{power-word}
    .help = {$some ->
    [yes] 可以办理的人：{$able}
   *[no] 名册里没有人可以办理；缺分局负责人的，由系统管理员导入名册（wubu import officers）
 }
R151 = {$officer} 不能{power-word}：这是本人的事
    .help = 自己的事不能自己定，请另一位负责人办理
R152 = {$officer} 不能授予“{$role}”，这个角色不低于其本人的职级
    .help = 请职级更高的负责人授予
R153 = 名册里还没有人员，无法确认是谁在办理
    .help = 请先导入人员名册（wubu import officers）；在此之前只能导入、启用规则和调度
R181 = “{$officer}”在规则里写作系统管理员（bureau.yaml 的 administrator），但名册里没有此人，或者已经离岗
    .help = 加上 --as 工号，由有权的人办理；并请把 administrator 改成在岗的人，再用 wubu apply 启用
R191 = “{$officer}”任“{$role}”只能从今天（{$today}）起，不能写成过去的日子
    .help = 从今天起任职；早就任职的，连同起始日一起用 wubu import officers 导入
R194 = 不能委托“{$officer}”办理已经过去的日子的事：委托只能从今天（{$today}）起
    .help = 起始日写今天或者以后；那几天谁有权办理的，由谁补办
R192 = “{$officer}”{$at} 还办过事，不能说那天已经离岗或者休假
    .help = 日期写在那天以后；那件事不是本人办的，请先查清
R182 = 这项回避由“{$decider}”决定，不能由“{$officer}”登记
    .help = 谁决定的谁来登记：请“{$decider}”用自己的工号办理（--as），或由系统管理员凭书面决定登记
R183 = “{$address}”不是电子邮箱地址
    .help = 写成 name@example.org 这样的一个地址，不带空格、换行和别的地址
R154 = 要写明是谁：只有名册里有权的人才能{power-word}
    .help = 加上 --as 工号
system-administrator = 系统管理员
