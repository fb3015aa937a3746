P130 = “{$word}”要有文号，却没有写 prefix
    .help = 补上 prefix，例如 prefix: 市监责改；不要文号的，去掉 numbered: true
P131 = “{$word}”不编文号，却写了 prefix
    .help = 去掉 prefix，或者去掉 numbered: false
P132 = 字“{$word}”已经给了另一种文书
    .help = 文号按字连续，两种文书不能共用一个字，给其中一种换一个
P133 = officers 不能和角色写在一起
    .help = 由办案（检查）人员签名的只写 officers；由负责人签批的只写角色，几个角色任一可签写成 [所长, 分管局长]
P134 = “{$word}”里的“{$mark}”不能用在文号里
    .help = 机关代字和字只用汉字或字母；年份、括号、序号由系统添上
P135 = 版式 {$word} 不属于任何一种文书
    .help = { $near ->
    [yes] 是不是想写“{$nearest}.html”？
    [empty] 先在 rules/documents.yaml 里声明文书种类
   *[no] 文件名是文书种类加 .html，可以写的有：{$known}
 }
P136 = { $cause ->
    [tag-too-long] 版式里一对花括号写得太长
    [too-many-branches] 版式里的 elif 太多
   *[other] 版式写错了：{$cause}
 }
    .help = { $cause ->
    [tag-too-long] 一对花括号里最多写 1,000 个字节，长的拆成几段，先用 set 起名
    [too-many-branches] 一个版式最多写 200 个 elif，多的写成表格
   *[other] 花括号要成对，每个 if、for、block 都要有对应的 endif、endfor、endblock
 }
P137 = 版式印不出来：{$cause}
    .help = 用一份空白文书试印失败，检查用到的名称和过滤器，可用的见 docs/policy-language.md

R060 = 现行规则里没有“{$kind}”这种文书
    .help = 用空白文书的种类有：{$known}
R061 = 没有编号为“{$document}”的文书
    .help = 写成“指令编号/序号”，例如 dongguan-12/3；用 wubu document list --order 指令编号 查看
R062 = 文书 {$document} { $state ->
    [draft] 还在起草
    [submitted] 正等签批
    [signed] 已经签名
    [approved] 已经签批
    [sealed] 已经盖章
    [served] 已经送达
    [filed] 已经归档
    [returned] 已经退回作废
   *[voided] 已经作废
 }，{ $again ->
    [yes] 不用再
   *[no] 不能
 }{ $act ->
    [submit] 送签
    [sign] 签名
    [approve] 签批
    [send_back] 退回
    [seal] 盖章
    [serve] 送达
    [file] 归档
    [return] 随步骤退回
   *[void] 作废
 }
    .help = 次序是：起草、签批（或两人签名）、盖章、送达、归档
R063 = 文书 {$document}（{$kind}）还没有签批，不能送达
    .help = 先由{$approver}签批：wubu document approve
R064 = 文书 {$document}（{$kind}）还没有盖章，不能送达
    .help = 先盖章：wubu document seal
R065 = {$person} 不能签批{$kind}
    .help = 有这些角色之一的人签批：{$approver}，且只限本所的文书；本人不在的，由当日代其办理这件指令的人（替班、受书面委托的人、上一级负责人）签批
R066 = {$person} 是文书 {$document} 的制作人，不能签批自己的文书
    .help = 换一名有权签批的人
R067 = {$kind}不需要{ $act ->
    [submit] 送签
    [sign] 签名
    [approve] 签批
    [send_back] 退回
    [seal] 盖章
    [serve] 送达
    [file] 归档
    [return] 随步骤退回
   *[void] 作废
 }
    .help = 这种文书怎样签、怎样送，见 rules/documents.yaml 的 approver 和 served
R068 = {$kind}要由两名人员签名
    .help = 执法人员不得少于两人：先由一人用 --as 本人、--with 另一人签名，另一人再用 --as 本人签名
R092 = 文书 {$document} 等 {$second} 本人签名，不能由 {$person} 签
    .help = 请 {$second} 用 wubu document sign {$document} --as 本人工号 签名；换人的，由先签名的人再用 --with 写明
R069 = 文书 {$document} 已经送达，不能作废
    .help = 送达的文书只能用新的文书更正或撤销：wubu document correct
R070 = 文书 {$document} 还没有送达
    .help = 没有送达的，直接作废重做；要归档的，先送达
R071 = 文书 {$document} 已经由 {$by} 取代
    .help = 再有错的，更正 {$by}
R072 = 送达日期 {$on} 不可能：应在 {$first} 至 {$last} 之间
    .help = 签批之前不能送达，也不能写将来的日期
R073 = 没有编号为“{$blank}”的空白文书
    .help = 控制号写成“种类-年份-六位数”，例如 pen.rectify-2026-000001
R074 = 空白文书 {$blank} { $state ->
    [in_stock] 在库
    [signed_out] 已经领出
    [in_use] 已经使用
    [filed] 已经归档
    [voided] 已经作废
   *[lost] 已经报失
 }，{ $again ->
    [yes] 不用再
   *[no] 不能
 }{ $act ->
    [sign_out] 签领
    [use] 使用
    [return] 退回
    [void] 作废
    [hand_in] 补交原件
    [lost] 报失
   *[file] 归档
 }
    .help = 次序是：入库、签领、使用、归档；作废的号码不再使用
R075 = {$person} 是保管员，不能自己领用
    .help = 保管与使用分开：由另一名人员使用，或者由另一名保管员发放
R076 = 空白文书 {$blank} 是 {$holder} 领的，不能由 {$person} 使用
    .help = 谁领谁用；要换人的，先退回再签领
R077 = 作废要有另一个人批准，{$person} 不能单独办
    .help = 用 --with 写明批准人，不能是经办人，也不能是持有人；由其本人再用 wubu document void 编号 --as 本人工号 确认
R078 = {$person} 没有“{$role}”这个角色，不能{ $act ->
    [issue] 发放空白文书
    [sign_out] 发放签领
    [return] 收回空白文书
    [void] 办理作废
   *[hand_in] 收取原件
 }
    .help = 由{$role}办理；角色在人员名册里
R079 = {$station} 没有{$kind}的库存了
    .help = 向法制科申领：wubu document issue
R080 = {$kind}不用空白文书
    .help = 这种文书不领空白本，办理时由系统编号；用空白本的种类用 wubu document list --blanks 查看。要按票据管理的，由规则人员改
R081 = 一次不能发放 {$count} 份
    .help = 一次 1 至 {$limit} 份
R082 = {$month} 不能结账：作废的文书没有交回原件（{$blanks}）
    .help = 已告知监察室。找到原件后用 wubu document void 控制号 --original kept 补交
R083 = {$month} 不能结账：{$kind}发出 {$issued} 份，各处合计 {$found} 份
    .help = 已告知监察室。运行 wubu verify，查明哪一份的记录被改动
R084 = {$month} 还没有过完，{$from} 起才能结账
    .help = 只想看账，去掉 --close
R085 = {$station} 的 {$month} 已经结账
    .help = 结账以后的变动记入下一个月
R190 = 空白文书 {$blank} 是为指令 {$order} 领出的，不能用在别的指令上
    .help = 在那条指令上用，或者先退回再为这条指令领用
R185 = {$person} 不是 {$station} 的人，不能领用它的空白文书
    .help = 由本所的人员领用；别所要用的，由法制科向该所发放
R086 = 案卷不全，不能归档：{$lacks}
    .help = 逐项办结：签批、盖章、送达，领出未用的空白文书退回
R087 = 没有叫“{$station}”的工商所
    .help = { $near ->
        [none] 写名称或者编号；现有：{$known}
       *[other] 是不是 {$near}？写名称或者编号；现有：{$known}
    }
R093 = 没有叫“{$grid}”的片区，或者不止一个
    .help = 写编号；现有：{$known}
R088 = 人员名册里没有“{$person}”
    .help = 用工号，名册用 wubu import officers 录入
R089 = 空白文书 {$blank} 不属于 {$station}
    .help = 各所的空白文书各自保管；调剂的，先退回法制科

F005 = 文书印不出来：版式 {$template} 第 {$line} 行：{$cause}
    .help = 修改 rules/templates 里的版式，或者先移走它，用程序自带的版式

document-issued = 已发放 {$count} 份：{$first} 至 {$last}
document-blank = {$blank}：{$state}
document-document = {$document}：{$state} {$number}
document-count = 共 {$count} 件
document-filed = 已归档 {$count} 件
document-printed = 已写入 {$file}
document-changed-since = 注意：版式在签批以后改过，这一份与签批时打印的不同
document-even = 账目相符：发出 {$issued} 份，各处合计 {$found} 份
document-uneven = 账目不符：发出 {$issued} 份，各处合计 {$found} 份
document-closed = {$month} 已结账
document-original-missing = 作废未交原件：{$blank}
blank-in_stock = 在库
blank-signed_out = 已领出
blank-in_use = 使用中
blank-filed = 已归档
blank-voided = 已作废
blank-voiding = {$state}，等 {$second} 本人确认作废
blank-lost = 已遗失
paper-opened-for = 下达事由
paper-draft = 草稿
paper-submitted = 待签批
paper-signed = 已签名
paper-approved = 已签批
paper-sealed = 已盖章
paper-served = 已送达
paper-filed = 已归档
paper-returned = 已退回
paper-voided = 已作废
service-way-direct = 直接送达
service-way-left = 留置送达
service-way-post = 邮寄送达
service-way-electronic = 电子送达
service-way-entrusted = 委托送达
service-way-forwarded = 转交送达
service-way-public = 公告送达
lack-none = 案卷什么都不缺
lack-unapproved = 未签批：{$what}（{$detail}）
lack-unsealed = 未盖章：{$what}（{$detail}）
lack-unserved = 未送达：{$what}（{$detail}）
lack-no_receipt = 没有送达回证：{$what}（{$detail}）
lack-blank_out = 空白文书未退回：{$what}（持有人 {$detail}）

V020 = 文号“{$series}”发到 {$last}，表里却有 {$found} 件、{$distinct} 个不同的号，最大 {$max}
V021 = 控制号 {$series} 发到 {$last}，表里却有 {$found} 份
V022 = {$station} 的 {$kind}发出 {$issued} 份，各处合计 {$found} 份
V023 = 文书 {$document} 的记录与留痕不符
V024 = 空白文书 {$blank} 的记录与留痕不符
V025 = 文书 {$document} 没有签批就送达了

cli-document = 文书：空白文书按票据管理，文书签批、盖章、送达、归档、打印
cli-document-example = wubu document issue pen.rectify 50 --to dongguan --as P01
    wubu document render dongguan-12/1 --out 监管指令单.html
cli-document-issue-example = wubu document issue 责令改正通知书 50 --to 东关工商所 --as P051
cli-document-sign-out-example = wubu document sign-out 责令改正通知书 --to P001 --as P051
cli-document-use-example = wubu document use pen.rectify-2026-000001 --order dongguan-12 --form 经查.json --as P001
cli-document-return-example = wubu document return pen.rectify-2026-000001 --as P051
cli-document-void-example = wubu document void pen.rectify-2026-000001 --original kept --with P002 --reason 写错 --as P051
cli-document-lost-example = wubu document lost pen.rectify-2026-000001 --reason 丢失 --as P001
cli-document-list-example = wubu document list --order dongguan-12
cli-document-reconcile-example = wubu document reconcile --month 2026-03 --station 东关工商所
cli-document-render-example = wubu document render dongguan-12/1 --out 指令单.html
cli-document-sign-example = wubu document sign dongguan-12/2 --with P002 --as P001
cli-document-submit-example = wubu document submit dongguan-12/2 --as P001
cli-document-approve-example = wubu document approve dongguan-12/2 --as P049
cli-document-seal-example = wubu document seal dongguan-12/2 --as P049
cli-document-serve-example = wubu document serve dongguan-12/2 --how 直接送达 --on 2026-03-13 --as P001
cli-document-file-example = wubu document file dongguan-12 --as P051
cli-document-correct-example = wubu document correct dongguan-12/2 --reason 地址写错 --as P001
cli-document-missing-example = wubu document missing dongguan-12
cli-document-issue = 给一个所发放空白文书
cli-document-sign-out = 人员签领空白文书
cli-document-use = 用一份空白文书制作文书
cli-document-return = 退回没有使用的空白文书
cli-document-void = 作废，原件要留存；事后补交原件也用它
cli-document-lost = 报失
cli-document-list = 列出文书，或者空白文书
cli-document-reconcile = 核对账目，--close 结账
cli-document-render = 打印成 HTML
cli-document-sign = 两名人员签名
cli-document-submit = 送签
cli-document-approve = 签批，同时发文号
cli-document-seal = 盖章
cli-document-serve = 记录送达
cli-document-file = 归档
cli-document-correct = 用新的文书更正或撤销已经送达的文书
cli-document-missing = 案卷归档还缺什么
cli-arg-form = 所记内容的文件（JSON）
cli-arg-document-kind = 文书种类，例如 pen.rectify
cli-arg-count = 份数
cli-arg-serial = 控制号，例如 pen.rectify-2026-000001
cli-arg-what = 文书种类（取库存里最小的号）或者控制号
cli-arg-document-id = 文书，写成“指令编号/序号”
cli-arg-to = 给谁：工商所、人员或者受送达人
cli-arg-with = 另一个人
cli-arg-order = 指令编号
cli-arg-original = 原件：kept 已留存，missing 没有
cli-arg-month = 月份，例如 2026-03
cli-arg-close = 结账
cli-arg-out = 写到这个文件
cli-arg-how = 送达方式：direct 直接、left 留置、post 邮寄、electronic 电子、entrusted 委托、forwarded 转交、public 公告
cli-arg-receipt = 送达回证编号或者签收人
cli-arg-revoke = 撤销（不写就是更正）
cli-arg-blanks = 列出空白文书
head-document = 文书
head-kind = 种类
head-number-of = 文号
head-control = 控制号
head-made = 制作
head-holder = 持有人
head-issued-count = 发出
head-found = 合计

signature-missing = {$name}（尚未确认）
signature-instead = {$name}（由{$other}接替确认）
signature-instead-missing = {$name}（由{$other}接替，尚未确认）
