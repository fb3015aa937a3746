# 命令行上的话

cli-wubu = 五步：检查监管工作的流程与规则引擎，规则写在文件里，由规则人员修改
cli-usage = 用法：
cli-commands = 命令
cli-arguments = 参数
cli-any-options = [选项]
cli-any-command = 命令
cli-values = （可写：{$values}）
cli-default = （不写则为 {$value}）
cli-options = 选项
cli-arg-help = 显示说明
cli-arg-version = 显示版本
usage-subcommand = “{$what}”后面还要写做什么
usage-command = 没有命令“{$what}”
usage-argument = 没有参数“{$what}”
usage-missing = 还缺 {$what}
usage-value = {$what} 不能写“{$value}”
usage-other = 参数写法不对：{$what} {$value}
usage-near = 是不是 {$near}？
usage-known = 可以写：{$known}
cli-example = 例：
cli-init = 新建一个规则文件夹，放入随附的规则
cli-init-example = wubu init 我的分局
cli-check = 检查规则文件夹，一次报出全部问题，不启用任何内容
cli-check-example = wubu check --policy 我的分局
cli-test = 运行 *.test.yaml 里的规则用例
cli-test-example = wubu test 食品
cli-import = 导入监管对象、检查记录、监管人员、工商所或片区
cli-import-example = wubu import subjects 名单.csv
cli-subject = 查看监管对象：风险等级、评分、下次到期及缘由
cli-subject-example = wubu subject show 91110000100000001E
cli-due = 只算日期：从上次巡查日推算下次到期（不用数据库）
cli-due-example = wubu due --since 2026-01-15 --tier 甲
cli-clock = 计算法定期限（不用数据库）
cli-clock-example = wubu clock clue_verification --from 2026-04-30
cli-calendar = 查看、预览或导入工作日历
cli-calendar-example = wubu calendar show 2026
cli-tick = 完整走一遍：评估触发、下达指令、处理到点的期限，然后结束
cli-tick-example = wubu tick --at 2026-03-01T08:00
cli-run = 常驻运行：按时下达指令（环境变量 WUBU_LOG=info 时在标准错误输出日志）
cli-run-example = wubu run --demo
cli-order = 查看或手工下达监管指令
cli-order-example = wubu order list --state open --overdue
cli-order-list-example = wubu order list --state 在办 --officer P001
cli-order-show-example = wubu order show dongguan-12
cli-order-open-example = wubu order open 行政处罚程序 --subject 91210100TEST0001X5 --reason 举报 --as P050
cli-order-act-example =
    wubu order act dongguan-12 办结 --as P001 --form 巡查.json --attach 现场照片=店面.jpg
    wubu order act dongguan-12 转办 --as P049 --to P003,P004 --reason 出差
    wubu order act dongguan-12 延期 --as P001 --by "5 工作日" --approver P049 --reason 店主外出 --document 延1号
    wubu order act dongguan-12 签署 --as P049
cli-order-bulk-example = wubu order bulk reassign --officer P001 --to P003 --reason 调岗 --as P049
cli-order-retry-example = wubu order retry --as P049
cli-explain-order-example = wubu explain order dongguan-12
cli-explain-subject-example = wubu explain subject SAMPLE-000001 --on 2026-03-20
cli-subject-list-example = wubu subject list --station 东关工商所
cli-subject-show-example = wubu subject show SAMPLE-000001
cli-calendar-show-example = wubu calendar show 2026
cli-calendar-plan-example = wubu calendar plan 2027.yaml
cli-calendar-import-example = wubu calendar import 2027.yaml --as P049
cli-release-show-example = wubu release show 3
cli-release-diff-example = wubu release diff 2 3
cli-plan-list-example = wubu plan list
cli-plan-show-example = wubu plan show 1
cli-incident-list-example = wubu incident list
cli-ledger-export-example = wubu ledger export
cli-release-list-example = wubu release list --proposed
cli-release-approve-example = wubu release approve 3 --as P049
cli-release-shadow-example = wubu release shadow 3 --days 5 --as P067
cli-release-rollback-example = wubu release rollback 2 --as P049
cli-explain = 说明一条指令为什么下达，或一个对象为什么没有下达
cli-explain-example = wubu explain subject SAMPLE-000001 --on 2026-03-20
cli-promote = 把一个所的做法提成全局的修改建议，只写出来，不启用
cli-promote-example = wubu promote stations/dongguan --out proposal --html proposal.html
cli-arg-overlay = 哪份本所细则：stations/所、它的文件，或者细则的编号
cli-arg-only = 只提这一行（写地址），可以写几次
cli-arg-html = 写成一页，供会上用
cli-arg-out-folder = 写成另一个规则文件夹，要是新的或空的
cli-apply = 把文件夹里的规则作为一次发布启用
cli-apply-example = wubu apply --as 张三
cli-release = 查看、批准、退回发布
cli-release-example = wubu release list
cli-verify = 核验：重放留痕、比对各表、检查哈希链
cli-verify-example = wubu verify --repair --as Z01
cli-ledger = 写出留痕，供别人核对：每条一行 JSON
cli-ledger-example = wubu ledger export --out ledger.jsonl
cli-ledger-export = 写出各条留痕链的全部条目
cli-doctor = 检查运行环境和数据库，列出各项上限
cli-doctor-example = wubu doctor --limits
cli-completions = 生成命令行补全脚本
cli-completions-example = wubu completions bash > wubu.bash

cli-order-list = 列出指令
cli-order-show = 查看一条指令
cli-order-open = 手工下达一条指令
cli-subject-list = 列出监管对象
cli-subject-show = 查看一个监管对象
cli-effective = 看某所某日执行的规定，每一处改动是谁定的
cli-effective-example = wubu effective five-step --station dongguan --on 2026-07-01 --prose
cli-arg-draft = 看文件夹里现在的文件，不看已启用的；不用数据库
cli-arg-prose = 写成分条的条文
cli-explain-order = 说明一条指令
cli-explain-subject = 说明一个监管对象
cli-calendar-show = 查看一年的工作日历
cli-calendar-plan = 预览：导入后哪些日期会移动
cli-calendar-import = 导入一年或多年的工作日历
cli-release-list = 列出发布
cli-release-approve = 批准别人提交的规则
cli-release-shadow = 让还没有启用的规则先试判几天，看和现行的有什么不同
cli-release-rollback = 退回以前的发布

cli-arg-policy = 规则文件夹；也可用环境变量 WUBU_POLICY
cli-arg-fix = 把规则改写成最新一版，意思不变，注释和排版都留着
cli-arg-db = 数据库；也可用环境变量 WUBU_DB
cli-arg-lang = 语言
cli-arg-rehearsal = 演练：--at 可以晚于现在，正在运行的库也照办
cli-arg-at = 把这一刻当作现在：RFC 3339、2026-03-01T08:00 或只写日期（指当天最后一秒）
cli-arg-format = 输出格式
cli-arg-dir = 要新建的文件夹
cli-arg-shell = 命令行外壳的名称
cli-arg-kind = 导入什么：subjects 监管对象、inspections 检查记录、officers 监管人员、stations 工商所、grids 片区
cli-arg-file = 文件
cli-arg-map = 使用 bureau.yaml 中的哪个导入对照，缺省为 default
cli-arg-filter = 只运行名称含有这些字的用例
cli-arg-coverage = 同时报告哪些规则行没有用例走到
cli-arg-id = 编号
cli-arg-since = 上次巡查日
cli-arg-every = 它自己的周期，如 6 个月（周期写在登记簿里的才要写）
cli-arg-why-officer = 为什么不找这个人
cli-arg-why-tier = 为什么不是这个等级
cli-arg-why-before = 为什么没有在这一天以前下达
cli-arg-tier = 风险等级
cli-arg-trigger = 触发，写作 流程/触发
cli-arg-name = 期限的编号
cli-arg-from = 起算时刻
cli-arg-pause = 中止，写作 起日..止日:事由:文书号，可写多次
cli-arg-extend = 已批准延长
cli-arg-on = 日期
cli-arg-station = 工商所
cli-arg-grid = 片区
cli-arg-officer = 监管人员
cli-arg-workflow = 流程
cli-arg-step = 步骤
cli-arg-state = 状态：open 在办、done 办结、cancelled 撤销
cli-arg-overdue = 只看超期的
cli-arg-limit = 最多列出多少条
cli-arg-subject = 监管对象的编号
cli-arg-due = 最迟办理日
cli-arg-reason = 事由
cli-arg-shadow-days = 试判几天
cli-arg-begins = 从哪一天开始生效，缺省为立即
cli-arg-proposed = 只列待批准和待生效的
cli-arg-release = 发布编号
cli-arg-as = 办理人
cli-arg-watch = 规则文件一改就重新检查，合格即启用
cli-arg-demo = 在空数据库里生成示例名册并立即下达
cli-arg-accept-clock = 认可当前时钟，从此刻继续
cli-arg-limits = 列出各项上限
cli-arg-since-moment = 只写从这一刻起的条目：2026-03-01、2026-03-01T08:00 或 RFC 3339
cli-arg-repair = 与留痕不符的派生表按留痕重算；留痕本身不动
cli-arg-year = 年份
cli-order-act = 在一条指令上办理一件事
cli-order-bulk = 按条件成批转办、撤销或重试
cli-order-retry = 规则改好后，让停住的指令继续
cli-signal = 记下一件外面发生的事，让在办指令知道，或者按规则开单
cli-signal-example = wubu signal subject.closed --subject 911011200000000001 --as P050
cli-incident = 查看因规则出错而停住的指令
cli-incident-example = wubu incident list
cli-incident-list = 按原因列出
cli-order-bulk-reassign = 成批转办
cli-order-bulk-cancel = 成批撤销
cli-order-bulk-retry = 成批重试停住的指令
cli-arg-action = 做什么：complete 办结、return 退回、claim 签收、transfer 转办、delegate 委派、add-signer 加签、sign 签署、recall 撤回、nudge 催办、copy 抄送、extend 延期、pause 中止计时、resume 恢复计时、waive 放弃等待、cancel 撤销，或这一步自己的意见，如 同意、退回
cli-arg-filled = 填好的表，JSON 文件
cli-arg-attach = 随表的文件，写作 栏目=文件，可写多次
cli-arg-key = 提交号：同一个号重发，得到第一次的结果
cli-arg-seen = 您看到的版本；之后有变动的不予办理
cli-arg-signal = 信号的名称，如 subject.closed，或规则里 signals 写的任何名称
cli-arg-receivers = 交给谁，几个人用逗号隔开
cli-arg-by = 延长多少，如 5 工作日
cli-arg-approver = 批准人
cli-arg-proof = 依据的文书
cli-arg-note = 留言
cli-arg-yes = 确认办理；不写只看有多少条
cli-arg-stuck = 停住的原因，或其开头，如 S104
cli-arg-withdraw = 撤销这一天开始的休假：登记错了的，或者没有休成的
cli-arg-dry-run = 只看会怎样，不办理
cli-arg-data = 附带的内容，JSON

check-fixed = 已改写：{$path}
check-summary = 检查了 {$files} 个文件：{$errors} 个错误，{$warnings} 个提醒
init-done = 已在 {$dir} 写入 {$count} 个文件。下一步：wubu check --policy {$dir}

U001 = {$argument} 写的“{$text}”不是时间
    .help = 写 2026-03-01 08:00、2026年3月1日 8:00，或只写 2026-03-01（指当天最后一秒）；在命令里，带空格的用引号括起来
U002 = {$argument} 写的“{$text}”不是日期
    .help = 写 2026-03-01、2026/3/1 或 2026年3月1日
U003 = 文件夹 {$dir} 里已经有东西，没有写入
    .help = 换一个新的或空的文件夹
U004 = 没有叫“{$name}”的{$what}
    .help = 可选的有：{$known}
U005 = 有几个按周期的触发，要说明是哪一个
    .help = 加上 --trigger，可选的有：{$known}
U006 = {$argument} 写的“{$text}”看不懂
    .help = 应写作 {$form}

F001 = 读不到规则文件夹：{$file}：{io-cause}
    .help = 用 --policy 指明含有 bureau.yaml 的文件夹
F002 = 写不了文件 {$file}：{io-cause}
    .help = { $cause ->
        [absent] 先建好它所在的文件夹，或者写另一个文件夹
        [folder] 写一个文件名，不要只写文件夹
        [full] 腾出磁盘空间，再办一次
       *[other] 检查文件名、文件夹权限和磁盘空间
     }
F003 = 读不了文件 {$file}：{io-cause}
    .help = { $cause ->
        [absent] 核对文件名和路径；只写文件名的，在运行命令的文件夹里找
        [folder] 写到文件，不要只写到文件夹
        [denied] 请管理员给您读这个文件的权限
        [changed] 再办一次
       *[other] 检查文件名和权限
     }
U009 = 还缺 {$what}
    .help = 补上 {$what}；wubu order act --help 列出各个动作要写什么
U011 = {$path} 已经有了，而且不是这样的文件，没有覆盖
    .help = 换一个文件名，或者先把它移走
U010 = 没有名称里含“{$filter}”的用例{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = {$count ->
    [0] 这个文件夹里还没有用例：写在 workflows、rules 下的 *.test.yaml 里
   *[other] 不写名称就运行全部 {$count} 个
 }
U007 = {$path} 不是可读的 JSON：第 {$line} 行第 {$column} 个字{ $flaw ->
    [comma] 之前多了一个逗号
    [wide] 是中文标点“{$found}”，这里要用英文（半角）的
    [cut] 还没写完，就到了末尾
    [key] 不是栏目名
    [colon] 应是冒号
    [between] 之前少了逗号，或者没有收尾的括号
    [value] 不是 JSON 的值
    [after] 在写完之后，是多余的
    [break] 在引号之内换了行
    [escape] 前面的反斜杠后面不能写这个字
    [number] 不是数
    [depth] 括号套得太深
    [encoding] 不是 UTF-8 的文字
    [empty] 起什么也没有
   *[other] 看不懂
 }
    .help = { $flaw ->
        [comma] 删去最后一项后面的逗号
        [wide] 换成英文输入法，改用半角的引号 " 、冒号 : 和逗号 ,
        [cut] 补上缺的引号、括号
        [key] 栏目名要加半角双引号，例如 "arrived"
        [break] 写在一行里，要换行的写 \n
        [escape] 路径写成 a/b.jpg；要写反斜杠的，写两个
        [encoding] 在编辑器里另存为 UTF-8
        [value] 文字要加半角双引号；是否写 true、false；没有的写 null
       *[other] 表单文件写成 JSON，如 {"{"}"arrived": "2026-03-13T09:30"{"}"}
     }
U012 = {$path} 不是文书所记内容的样子
    .help = 写成 {"{"}"answers": [{"{"}"title": "经查", "fields": [{"{"}"title": "事实", "value": "……"{"}"}]{"}"}], "reason": "事由"{"}"}
U020 = {$path} 里的“{$key}”没有地方可写{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 这里可以写的有：{$known}。所记的内容写成 {"{"}"answers": [{"{"}"title": "经查", "fields": [{"{"}"title": "事实", "value": "……"{"}"}]{"}"}], "reason": "事由"{"}"}
document-use-empty = 注意：没有写 --form，这份文书除了抬头没有内容；要写的，作废这一份，另领一份再写
F006 = 系统正在停机，这件事没有办
    .help = 稍后再试
F900 = 程序内部出了问题：{$cause}
    .help = 把这句话交给管理员

R001 = 这条指令已经下达过
    .help = 用 wubu order list 查看
R002 = 现行规则里没有流程“{$workflow}”
    .help = 可用的流程：{$known}
R003 = 登记簿里没有编号为“{$subject}”的监管对象{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 用 wubu subject list 查找，编号要写全
R004 = 没有编号为“{$order}”的指令
    .help = 用 wubu order list 查找
R005 = 流程“{$workflow}”不是针对监管对象的，不能对“{$subject}”下达
    .help = 换一个以监管对象为单位的流程
R006 = 写的日期 {$day} 早于今天 {$today}
    .help = 写今天或以后的日期
R007 = 时间不能倒退：要办理的时刻是 {$at}，上一次已办到 {$last}
    .help = 写了 --at 的，核对年月日，写 {$last} 或以后的时刻，或者不写；没写 --at 的，是这台机器的时钟慢了，请系统管理员先校准时钟
R140 = 这件指令在 {$last} 已经办过事，不能记成 {$at} 办的
    .help = 不写 --at，就记成现在；补交的是已经办过去的步骤、又没有写 --step 的，写明是哪一步，系统会把两个时刻都记下
R141 = {$at} 还没有到（现在是 {$clock}），不能提前记
    .help = 不写 --at。想试以后的日子，把数据库文件复制一份，在副本上试（--db）；--rehearsal 会照样写进这个数据库，并把它的时间往前推
R180 = 没有流程会听到信号“{$name}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 可用的信号：{$known}
R184 = 这个数据库按机器的时钟运行（现在是 {$clock}），不能把 {$at} 认作现在
    .help = 不写 --at，认可机器现在的时钟；要试别的时刻，把数据库文件复制一份，在副本上试（--db）
R142 = 这是别的单位的规则：数据库属于“{$known}”（时区 {$zone}），文件夹是“{$proposed}”（时区 {$other-zone}）
    .help = 核对 --policy 和 --db；另一个单位请另建一个数据库
R143 = “{$field}”写的是 {$arrived}：须在指令下达（{$issued}）以后、现在（{$now}）以前
    .help = 核对“{$field}”的年、月、日和时刻，改好再交
R170 = “{$field}”写的文件 {$file} 找不到（{$folder}）
    .help = 照片、签名要和表单放在同一个文件夹里；核对文件名再交
R171 = “{$field}”写的文件 {$file} 不在表单所在的文件夹里，不能作为附件
    .help = 把文件放到表单旁边（{$folder}），表单里只写文件名
R172 = 表单里没有“{$name}”这一栏可以放文件
    .help = {$some ->
        [yes] 这张表单可以放文件的有：{$known}
       *[no] 这张表单没有放文件的栏目，去掉 --attach 再交
     }
R176 = {$name}（{$subject}）已经注销、吊销或迁出，不再下达指令
    .help = 登记簿错了的，先导入更正后的状态
release-waiting = 另有 {$count} 个待批准或者待到日子启用：wubu release list --proposed
R155 = 没有待批准的发布 {$release}
    .help = 用 wubu release list --proposed 查看待批准的
R156 = 发布 {$release} 提交以后，发布 {$active} 已经启用
    .help = 请重新提交（wubu apply），以现行规则为基础
R186 = 发布 {$release} 已由“{$officer}”批准
    .help = 要改启用日的，请“{$officer}”自己改；用 wubu release list --proposed 查看
R157 = 没有发布 {$release}
    .help = 用 wubu release list 查看
R158 = 这样会去掉或者放松标明“始终要有”的：{$items}
    .help = 改回来；确要这样的，加上 --reason 理由 --as 起草人 再做一次，再由另一人批准
R008 = 这个数据库还没有启用任何规则
    .help = 先运行 wubu apply 或 wubu import
R009 = 时钟显示 {$now}，早于上一次办理的 {$last}，暂不下达
    .help = 等时钟走过 {$last}；若时钟现在是对的，运行 wubu tick --accept-clock

# 表头和词
standard-output = 标准输出
no = 否
unknown = 不详
yes = 是
undecided = 未定
tier-kept = {$tier}（未能评定，沿用）
provisional = 暂定：涉及的年份还没有公布工作日历，公布后会重算
head-order = 指令
head-order-number = 指令编号
head-subject = 监管对象
head-person = 被核查人
head-station-subject = 工商所
head-grid-subject = 片区
head-bureau-subject = 分局
head-name = 名称
head-station = 工商所
head-grid = 片区
head-tier = 等级
head-score = 评分
head-step = 步骤
head-state = 状态
head-status = 状况
head-issued = 下达日
head-issue = 下达日
head-due = 到期
head-late = 超期
days-late = {$days} 天
window-over = 办理期限已过
head-last = 上次巡查
head-every = 周期
head-trigger = 触发
head-nominal = 原定到期
head-window = 办理期限
head-workflow = 流程
head-assignees = 经办人
head-policy = 规则版本
head-calendar = 工作日历
head-why = 依据
head-approved-by = 批准人
head-release = 发布
head-activated = 启用时间
head-proposed = 提交时间
head-begins = 生效时间
head-actor = 办理人
head-limit = 项目
head-value = 值
head-unit = 单位
head-check = 检查
head-clock = 期限
head-raw-end = 计算止日
head-end = 期限届满
head-alarm = 内部提醒日
head-count = 长度
head-basis = 法律依据
head-rest = 放假（周一至周五）
head-work = 调休上班
state-open = 在办
state-done = 办结
state-cancelled = 撤销
status-active = 在业
status-suspended = 歇业
status-closed = 注销
unit-bytes = 字节
unit-levels = 层
unit-seconds = 秒
unit-operations = 步
unit-entries = 个
unit-workdays = 工作日
unit-days = 自然日
unit-hours = 小时
unit-months = 个月
unit-years = 年
unit-workday = 工作日
unit-day = 自然日
unit-hour = 小时
unit-month = 个月
unit-year = 年
term-reminder = 提醒
term-level = 超期第 {$level} 级
term-fired = {$at} 已告知
term-due = 到期
term-overdue = 提醒或升级
story-history = 经过：
story-terms = 期限：
order-count = 共 {$count} 条
order-opened = 已下达 {$number}（{$id}）
subject-count = 共 {$count} 户
subject-other = 另按 {$trigger}：原定到期 {$nominal}，最迟 {$due}，下达日 {$issue}
subject-why = 为什么？运行 wubu explain subject {$id}
no-next-closed = 已注销，不再安排
no-next-suspended = 歇业期间不安排，恢复后接着算
no-next-ordered = 本周期的指令已经下达
import-absent = 文件里没有这些列，登记簿里原有的不变，新登记的用缺省值：{$headings}
import-ignored = 没有对应字段的列，已忽略：{$headings}
import-strangers = 有 {$count} 名片区人员名册里没有：{$named}。他们的事先由别人办，正在办的不动；写错的请改正，没有登记的请导入人员（wubu import officers）
import-done = 读入 {$read} 行：新增 {$added}，变更 {$changed}，未变 {$unchanged}，退回 {$rejected}
import-rejects = 退回的行和原因在 {$file}
import-would = 试导入，登记簿没有改动。读入 {$read} 行：会新增 {$added}，会变更 {$changed}，未变 {$unchanged}，退回 {$rejected}
import-tiers = 风险等级会变：
import-tiers-none = 风险等级都不变
import-tier-move = {"  "}{$from} → {$to}：{$count} 户
import-tier-new = （新登记）
import-tier-undecided = （定不了级）
import-next = 下次巡查日期：提前 {$earlier} 户，推后 {$later} 户，没有日期 {$none} 户
import-late = 注意：有 {$count} 户一导入就已超期，最早的是 {$name}，{$due} 到期。没有“上次巡查”的从成立之日起算；巡查过的，补上再导入，不然一下达就逐级督办
import-tried = 要正式导入，去掉 --dry-run 再运行一次
clock-accepted = 已认可当前时钟，继续办理
clock-ahead = 时钟显示 {$now}，按实际经过的时间应是 {$expected}，暂不下达。若时钟是对的，运行 wubu tick --accept-clock
clock-pause = 中止 {$from} 至 {$to}，扣除 {$days} 天
files-differ = 提示：文件夹里的规则与现行发布不同，仍按现行发布办理；要启用请运行 wubu apply
tick-firings = {$trigger}  {$nominal} 至 {$last} 共 {$count} 次  {$outcome} {$reason}
tick-firing = {$trigger}  {$nominal}  {$outcome} {$reason}
tick-done = 办理到 {$now}：重新评定 {$appraised} 户，下达 {$opened} 条，跳过 {$skipped} 户，无法判定 {$undecided} 户
tick-passed-over = 没有下达：{$subject}，{$station}：{$reason}
passed-over-no-valid-pair = 合格的执法人员不够
passed-over-deferred-cap = 经办人本期指令已到上限，留待下次
passed-over-suspended = 歇业期间暂不下达
passed-over-undecided = 触发条件无法判定
passed-over-when = 不符合触发条件
passed-over-overlap = 上一条指令还没有办结
passed-over-queue = 等上一条指令办结后下达
tick-skipped-more = 没有下达的还有别的户，这里只写前几户；哪一户为什么没有下达，运行 wubu explain subject 编号
tick-quarantine = 注意：这一版规则已暂停作出新的判断（{$cause}，{$subjects} 户判不了），各户保留原等级；改好后启用新的发布
health-quarantine = 暂停判断的规则
firing-fired = 按时触发
firing-caught-up = 补办
firing-missed = 错过
firing-skipped = 跳过
firing-not-in-force = （流程尚未施行）
firing-window = （超出补办期限）
firing-superseded = （由较晚的一次补办）
firing-policy-none = （按规则不补办）
apply-active = 发布 {$release} 已启用，规则版本 {$policy}
cli-plan = 启用以前，先看文件夹里的规则会改变什么
cli-plan-example = wubu plan --horizon 90d --max-load 6
cli-plan-list = 列出做过的预演
cli-plan-show = 再看一次预演的结果
cli-arg-horizon = 往后看多少天：90d、90、3 个月
cli-arg-against = 和哪次发布比
cli-arg-behind = 列出每个数字后面的对象和指令
cli-arg-max-tier-moves = 风险等级有变的最多占多少，如 2%；超过就退出 1
cli-arg-max-load = 一人一周最多下达多少条；超过就退出 1
cli-arg-no-undecided = 有判不了的对象就退出 1
cli-arg-plan = 预演的编号；规则、发布或者登记簿后来变了就不启用
plan-head = 预演 {$plan}：文件夹里的规则（{$policy}）现在启用，和发布 {$against} 相比；从 {$from} 到 {$until}，没有人办理
plan-lapsed = 各所自己的下列措施和这份规则合不到一起，这次没有算上；先请所里改好或者结束，才能启用：
plan-same = 和现行的规则一样，什么都不会变
plan-reworded = 写法有变，效果不变
plan-unseen = 这些天里没有人办理的话，等级、指令、忙闲都不变；改的地方要有人办理时才见得到
plan-begins = 最早从 {$day} 起不一样
plan-tiers = 风险等级有变的：{$count} 户，共 {$subjects} 户
plan-ahead = 往后 90 天没有人办理的话：
plan-changes = 改了什么：
release-why = 理由：{$reason}
release-plan = 启用前看过的预演：{$plan}
release-back = 退回到发布 {$release} 的规则
release-head = 发布 {$release}（{$policy}），{$at} { $state ->
        [proposed] 提交，还没有启用
       *[active] 启用
    }，经手 {$actor}{ $approved ->
        [yes] ，批准 {$by}
       *[no] {""}
    }
release-same = 和前一次说的一样，只有写法、注释不同
release-nothing = 没有
release-change = {$file}　{$address}：{$from} → {$to}
release-changes-more = 另有 {$count} 处，用 wubu release diff 查看
cli-release-show = 看一次发布改了什么
cli-release-diff = 比较两次发布，或一次发布和文件夹
cli-arg-release-release = 发布的编号
cli-arg-release-from = 和哪次发布比
cli-arg-release-to = 哪次发布；不写是文件夹里的规则
plan-title = 规则改动预演
plan-fact-plan = 预演编号
plan-fact-policy = 规则版本
plan-fact-against = 相比的发布
plan-fact-days = 推算的日子
plan-fact-how = 怎样推算
plan-how = 登记簿照现在的样子抄成两份，一份照现行规则，一份照改后的规则，都按日子过一遍，没有人办理
plan-edited = 改了什么
plan-effects = 影响
plan-by-week = 每周下达多少条
plan-week-of = {$week} 那一周
plan-week-before = 现行
plan-week-after = 改后
plan-by-officer = 忙起来的人
plan-officer = 人员
plan-week-head = 哪一周
plan-subject = 对象
plan-why-before = 现在为什么
plan-why-after = 改后为什么
plan-examples-title = 举例
plan-annex = 附：变动的指令
plan-order-workflow = 流程
plan-order-change = 变动
plan-order-appear = 多下达
plan-order-vanish = 少下达
plan-order-move = 改期
plan-order-nominal = 原定到期
plan-order-issue = 下达日
plan-no-list = 名单见 wubu plan --list --html
plan-sign-author = 提出的人
plan-sign-approver = 批准的人
plan-page = 可以打印的一页：{$file}
plan-orders = 指令：多下达 {$appear} 条，少下达 {$vanish} 条，改期 {$moves} 条，同一条提早或推后下达的 {$shifted} 条
plan-migrated = 在办的“{$workflow}”{$orders} 条改按这份规则继续办
plan-renamed = 其中步骤改了名的：{$steps}
plan-terms = 在办指令期限变动的：{$count} 条
plan-calendar = 日历有变：按新日历，在办指令有 {$count} 条的期限应是别的日子；apply 不动它们，wubu calendar import 才动
plan-paper = 文书的文字有变：{$paper}；还没有签发的草稿 {$drafts} 份，启用后照新文字打印
plan-papers-more = 文字有变的文书另有 {$count} 种
plan-undecided = 改后规则判不了的（现在都判得了）：{$count} 户；这些户等级照旧，原因：
plan-workload = 忙闲有变的：{$weeks} 人周；最忙的一人一周，现在 {$before} 条，改后 {$after} 条
plan-week = {$officer}　{$week} 那一周：{$before} → {$after} 条
plan-examples = 举例（今天问起，为什么这样）：
plan-example = · {$subject}
plan-before = 现在：{$why}
plan-after = 改后：{$why}
plan-grounds = 改后起作用的地方：
plan-gate-tiers = 没有过关：风险等级有变的 {$moved} 户，共 {$subjects} 户，超过 --max-tier-moves
plan-gate-load = 没有过关：改后更忙的，有 {$weeks} 人周超过 --max-load，最多的是 {$officer} 在 {$week} 那一周，{$orders} 条
plan-gate-undecided = 没有过关：有 {$undecided} 户判不了（--no-undecided）
plan-tail = 看清楚了再启用：wubu apply --plan {$plan} --as 工号；每个数字后面是谁：--list
head-plan = 预演
head-against = 相比的发布
plan-count = 共 {$count} 次预演
R210 = 没有编号为 {$plan} 的预演
    .help = 用 wubu plan list 查看
R211 = 预演 {$plan} 已经过时：{ $what ->
        [text] 文件夹里的规则后来改过
        [release] 后来启用了别的发布
       *[register] 登记簿、人员或者日子后来变了
    }
    .help = 再做一次：wubu plan，看清楚了用新的编号
R220 = {$on} 还没有“{$workflow}”的规定
    .help = 写一个启用以后的日期；wubu release list 看哪天启用了什么
U030 = “{$text}”不是天数
    .help = 写 90d、90 或者 3 个月，最多 {$most} 天
U031 = “{$text}”不是比例
    .help = 写 2% 或者 0.02
U032 = {$on} 不在测算的日期之内（{$from} 至 {$until}）
    .help = 写今天起的日期，或者用 --horizon 看得更远
U040 = run 按现在的时间运行，不能写 --at
    .help = 去掉 --at；要按一个时刻走一遍，用 wubu tick --at 时刻
apply-powers = bureau.yaml 里谁能办什么有变（{$keys}），须另一人批准才启用
apply-proposed = 发布 {$release} 已提交，规则版本 {$policy}；请另一人批准：wubu release approve {$release} --as 批准人
release-drops = 少了或者放松了“始终要有”的：{$items}
release-reason = 理由：{$reason}
shadow-runs = 发布 {$release} 在试判：已试 {$days} 天，还有 {$left} 天；每天第一次巡检时，和现行规则各判一遍
shadow-ended = 发布 {$release} 试判了 {$days} 天，没有还要试的日子
shadow-day = {$on}：判了 {$judged} 户，等级不同的 {$moved} 户，等级相同、评分不同的 {$scores} 户，现行规则能判而它判不了的 {$undecided} 户
shadow-tiers = {$from} → {$to}：{$count} 户
shadow-subject = {$subject}（{$station}）：{$from} → {$to}
shadow-undecided = 定不了级
proposal-reason = 发布 {$release} 的理由：{$reason}
proposal-drops = 发布 {$release} 少了或者放松了“始终要有”的：{$items}
apply-approved = 发布 {$release} 已批准，规则版本 {$policy}，到日生效
calendar-proposed = 日历已提交，待另一人批准：wubu release approve {$release} --as 批准人
run-waits = 等它停下以后接着运行；现在不等，按 Ctrl-C
run-started = {$bureau} 开始运行。数据库 {$db}，规则版本 {$policy}。按 Ctrl-C 结束
run-waits-for-it = 常驻程序等着，可以打开了就接着办；现在不等，按 Ctrl-C
run-database-gone = 数据库 {$db} 不在原处了，停下来等；放回原处就接着办
run-database-replaced = 数据库 {$db} 换成了另一个文件，重新打开
run-recovered = 恢复正常，接着办
run-failed = 没有办成，稍后重试：
run-stopped = 已结束，下次从这里继续
run-more = 另有 {$count} 条，用 wubu order list 查看全部
demo-made = 已生成示例名册（均为虚构）：{$stations} 个工商所、{$grids} 个片区、{$subjects} 户、{$inspections} 次检查
demo-goes-on = 数据库里已有名册，继续运行
watch-broken = 规则文件改动后有错误，现行规则照常运行：
watch-dropped = 改动后的规则文件少了标明“始终要有”的：{$items}；要说明理由：wubu apply --reason 理由 --as 起草人
check-overlay = 本所细则“{$overlay}”（{$station}），{$from} 至 {$to}，{$count} 处，{ $state ->
    [coming] 还没有开始
    [ended] 已经结束，不再执行，不要了可以删去
   *[live] 在有效期内
 }
check-overlay-base = {"  "}改到的原文，核对过就照这样写：base: {"{"}{$base}{"}"}
check-standing = 始终要有的（always: true）{$count} 项；少了哪一项的发布都只是提交，须说明理由、另一人批准
watch-proposed = 规则文件改动后检查合格（版本 {$policy}），须另一人批准：先 wubu apply --as 起草人，再由另一人 wubu release approve 编号 --as 批准人
calendar-year = {$year} 年：{$days} 个工作日
calendar-move = {$order}：{$from} → {$to}
ledger-exported = 已把 {$count} 条写到 {$path}
verify-repaired = 已重算：{$table ->
    [orders] 指令及其办理情况、期限
    [duty] 在办分工
    [workload] 各人的在办件数
    [incident] 停办的记录
    [tally] 限额的计数
    [appraisal] 评定
   *[due] 到期表
 }，{$rows} 行
verify-nothing-repaired = 没有重算：派生表与留痕一致，或者留痕链断了
verify-clean = 核验无误：留痕 {$events} 条，指令 {$orders} 条，监管对象 {$subjects} 户
verify-problems = 核验发现 {$problems} 个问题：留痕 {$events} 条，指令 {$orders} 条，监管对象 {$subjects} 户
effective-head = { $release ->
    [none] { $station ->
        [none] {$title}（{$workflow}），{$on} 分局的规定：照文件夹里现在的文件，没有启用
       *[other] {$title}（{$workflow}），{$station} 在 {$on} 的规定：照文件夹里现在的文件，没有启用
    }
   *[other] { $station ->
        [none] {$title}（{$workflow}），{$on} 分局的规定（第 {$release} 版）
       *[other] {$title}（{$workflow}），{$station} 在 {$on} 执行的规定（第 {$release} 版）
    }
 }
effective-sooner = {$bureau}，或者 {$station}，以先到的为准
effective-answer = { $certain ->
    [yes] 到表单里填的 {$source}
   *[no] 到表单里填的 {$source}，没有填的按 {$otherwise}
 }
effective-by-answer = 按表单里填的 {$source}：{$terms}{ $certain ->
    [yes] {""}
   *[no] ，其余 {$otherwise}
 }
effective-cap = {$number}. {$of}：{$value}。
effective-cap-value = { $per ->
    [officer] 每名片区责任人
    [grid] 每个片区
    [station] 每个所
   *[subject] 每一户
 }{ $period ->
    [day] 每天
    [week] 每周
    [month] 每月
   *[year] 每年
 }至多 {$count} 件
effective-rung = 第 {$level} 级（{ $when ->
    [before] 到期前 {$after}
    [at] 到期日一过
   *[after] 到期后 {$after}
 }）{ $told ->
    [none] {""}
   *[other] 告知{$told}
 }{ $start ->
    [none] {""}
   *[other] ，启动“{$start}”
 }
effective-cycle = {$number}. {$of}：{$value}巡查一次。
effective-length = {$number}. {$of}：等级表的 {$what}，{$value}。
effective-items = {$number}. {$of}：检查 {$value}。
effective-window = 到指令的窗口截止日
effective-of-tier = 等级规定的项目
effective-due = {$number}. {$of}：办理时限 {$value}。
effective-overdue = {$number}. {$of}：督办：{$value}。
effective-param = {$number}. {$of}：{$value}。
effective-aside = 【{$text}】
effective-origin = 本所细则{$overlays}；{ $was ->
    [none] 分局原来没有
   *[other] 分局原定 {$was}
 }
effective-overlay = “{$overlay}”（{$from} 至 {$to}，{$author}：{$reason}），{$file}:{$line}
effective-script = {$number}. {$of}：{$value}。
effective-every = {$number}. {$of}：{$value}。
effective-own-cycle = 按各户自己的周期（登记簿里的“{$attribute}”）
effective-fixed-cycle = 每 {$length} 一次
effective-tier-cycle = 按等级的周期
effective-says = {$of}：{$value}
effective-rules-tier = 等级
effective-rules-score = 评分
effective-stricter = 分局的脚本和本所的脚本都算，取严的
effective-script-origin = 本所的脚本，没有截止日，删掉文件才停：{$file}:{$line}
head-overlay = 本所细则
head-overlay-line = 细则中的一行
U014 = {$name} 有几份本所细则：{$known}
    .help = 用编号说明是哪一份，例如 wubu promote 编号
promote-head = 推广：{$station} 的本所细则“{$overlay}”（{$from} 至 {$to}，{$author}：{$reason}）
promote-clauses = { $count ->
    [0] 全局的规定不会变。
   *[other] 全局从此改为：
 }
promote-was = { $was ->
    [none] 原来没有
   *[other] 原为 {$was}
 }
promote-hindered = 照原样推广不了的，仍留在本所：
hindrance-window-term = {$address}（{$file}:{$line}）：分局的期限是指令的窗口截止日，每件长短不同；写成一个长度，窗口更短的反而放松了，所以不代写。分局要这样办，可以在这一步写两个期限 due: [order.window.to, 所里的长度]，先到的先督办，两个期限各督办一遍；写好后删去本所的这一行
hindrance-form-term = {$address}（{$file}:{$line}）：分局的期限由表单填写，每件长短不同；写成一个长度，表单里填得更短的反而放松了，所以不代写。分局要这样办，可以在表单的选项或期限（terms、else）里改短；写好后删去本所的这一行
hindrance-tier-term = {$address}（{$file}:{$line}）：分局的期限按等级定，有的等级本来就更短；写成一个长度，那些等级反而放松了，所以不代写。分局要这样办，可以在等级表里只改比它长的各级；写好后删去本所的这一行
hindrance-no-checklist = {$address}（{$file}:{$line}）：这张表单没有填检查项目的一栏；先在 fields 里加一栏 type: items
hindrance-unwritten = {$address}（{$file}:{$line}）：分局的原文不是这样写的，改不了；照上面的意思手工写进去
hindrance-script = {$file}：脚本不能自动合并；把它多算的部分写进 rules 里的同名函数，用 wubu test 试过，再删去本所的
promote-not-begun = 这份细则还没有开始执行，没有数可比。
promote-no-database = 没有数据库：只有修改内容，没有按期率；各所的情况也只知道写了细则的。
promote-timeliness = 按期率：
promote-adoption = 各所现在：
promote-texts = 原文改动：
promote-removed = {$file}：全部成了全局的规定，删去
promote-case = “{$name}”，{$file}:{$line}
promote-more-cases = 还有 {$count} 个，用 wubu test 看
promote-checked = { $stand ->
    [no] 核对没有通过：上面指出的地方改好以前，这份建议不能用。
    [yes] 核对通过，用例照旧全部通过。
   *[cases] 核对通过；有 {$count} 个用例不再通过，要改它们期望的结果，或者重新考虑：
 }
promote-written = 已写到 {$file}，现行规则没有动。
promote-page = 会议用的一页：{$file}
promote-next = { $written ->
    [no] 下一步：加 --out 文件夹 写成一份完整的规则，再用 wubu check、wubu plan、wubu apply --reason 会议决定 --as 工号
   *[other] 下一步：wubu --policy {$folder} check，再用 wubu --policy {$folder} plan 预演；会上定了以后 wubu --policy {$folder} apply --reason 会议决定 --as 工号
 }
promote-clause = 第 {$number} 条
timeliness-workflow = {$title}：整件
timeliness-step = {$title}：这一步
timeliness-none = 无（没有可计的）
timeliness-with = 本所执行期间
timeliness-before = 本所之前
timeliness-others = 其他所同期
timeliness-periods = {$from} 至 {$to} 下达的，与本所之前 {$before} 至 {$until} 下达的、其他所同期的相比
adopted-same = 一样的：{$stations}
adopted-stricter = 更严的：{$stations}
adopted-looser = 有自己的、没到这一步的：{$stations}
adopted-other = 另有规定的：{$stations}
adopted-bureau = 照分局的：{$stations}
adopted-between = ；
adopted-nobody = 没有别的所可比
adopted-line = {$clause}：{$said}
adopter-same = 一样
adopter-stricter = 更严
adopter-looser = 有自己的，没到这一步
adopter-other = 另有规定
adopter-bureau = 照分局
meeting-title = 推广建议：{$station}“{$overlay}”
meeting-station = 提出的所
meeting-overlay = 本所细则
meeting-valid = 执行期间
meeting-reason = 理由
meeting-author = 制定人
meeting-days = {$from} 至 {$to}
meeting-clauses = 建议全局改为
meeting-hindered = 仍留在本所的
meeting-timeliness = 按期率
meeting-counted = 计什么
meeting-how-counted = 按期：在期限最后一天以前离开这一步；批准的延期、中止计入期限。整件按期：已办结，而且没有一步过期。过期未办的算不按期；撤销的、未到期还在办的不计。百分数只舍不入。
meeting-adoption = 各所现在
meeting-clause = 条
meeting-texts = 附：原文改动
meeting-check = 核对
meeting-sign-station = 提出单位负责人
meeting-sign-legal = 法制机构
meeting-sign-bureau = 分局负责人
meeting-date = 日期
why-term = “{$step}”到 {$end}，依表单里填的 {$source}{ $some ->
    [yes] （{$of}）
   *[no] {""}
 }
why-overlay = { $some ->
    [no] {$address}
   *[yes] {$says}（{$address}）
 } 按本所细则“{$overlay}”（{$from} 至 {$to}，{$author}：{$reason}），{$file}:{$line}
why-overruled = {$address}：本所的脚本更严（{$file}:{$line}）；分局的回答是 {$bureau}
instead-condition = 要符合触发条件，下面有一样不同就够：
instead-condition-none = 只有一样不同，触发条件还是不成立；至少两样要不同
instead-tier = 要定为{$tier}，下面有一样不同就够：
instead-tier-none = 只有一样不同，定不了{$tier}；至少两样要不同
instead-tier-held = 它现在就是{$tier}
instead-input = {$input}：现在是 {$from}，要是 {$to}{ $some ->
    [no] {""}
   *[other] 等，另有 {$more} 种
}
instead-before = 要在 {$day} 以前下达，下面有一样不同就够：
instead-before-none = 等级不同，或者上次巡查早些，也不会在 {$day} 以前下达
instead-before-tier = 等级是{$tier}：{$issue} 下达
instead-before-visit = 上次巡查在 {$on} 或者更早
choice-chosen = {$at} “{$step}”（第 {$visit} 次）：选了 {$chosen}
choice-behind = {$at} “{$step}”（第 {$visit} 次）：{$officer} 能办，排在后面，选了 {$chosen}；先看原来办的人、片区主责和后备，再看手上的件数、最近一次派给的时间
choice-excluded = {$at} “{$step}”（第 {$visit} 次）：{$officer} 不能办：{$reason}；选了 {$chosen}
choice-not-meant = {$at} “{$step}”（第 {$visit} 次）：这一步不找 {$officer}（岗位、片区或者工商所不对），选了 {$chosen}
choice-may-take = 现在手上的这一步，可以转给 {$officer}
choice-may-not-take = 现在手上的这一步，不能转给 {$officer}：
why-inputs = 判定时读到的：
read-active = 在业
read-status = 登记状态
read-last_patrol = 上次巡查
read-id = 编号
read-name = 名称
read-station = 管辖所
read-home = 首次登记所
read-grid = 片区
read-lat = 纬度
read-lon = 经度
read-tier = 风险等级
read-has = 有没有{$of}
read-problems = 发现的问题数（{$of}）
read-overdue_count = 逾期次数（{$of}）
read-within = {$of}以内
read-days_since = {$of}距今天数
read-days_until = 距{$of}的天数
limit-plan = 预演往后看
limit-policy-file = 规则文件
limit-policy-set = 全部规则文件
limit-policy-nesting = 规则文件的层次
limit-script = 脚本
limit-script-operations = 脚本一次判定的步数
limit-script-calls = 脚本调用层次
limit-script-expressions = 脚本表达式层次
limit-script-string = 脚本里的文字
limit-script-array = 脚本里的列表
limit-script-map = 脚本里的对照表
limit-script-stack = 脚本运行栈
limit-import-file = 导入文件
limit-import-row = 导入文件的一行
limit-import-field = 导入文件的一格
limit-orders-transaction = 一次写入的指令
limit-steps = 一个流程的步骤
limit-visits = 一个步骤的次数
limit-sub-orders = 下级指令的层次
limit-errand-attempts = 一条消息最多投递的次数
limit-errand-backoff = 两次投递之间最长间隔
limit-form-answer = 表单的填写内容
limit-attachment = 一个附件
limit-attachments = 一份指令的附件数

# 核验发现的问题
V001 = {$chain} 的留痕链在第 {$seq} 条断开：这一条被改动、删除或调换过
    .help = 停用数据库并保留原样，交审计人员处理
V002 = 指令 {$order} 与留痕不符：表里的内容被改动过，或这条指令不见了
    .help = 对照留痕查明是谁改的；表里的内容可从留痕恢复
V003 = 留痕里的指令编号不连续：{$order}，应为第 {$expected} 号
    .help = 停用数据库并保留原样，交审计人员处理
V004 = 指令表有 {$table} 条，留痕里下达过 {$ledger} 条
    .help = 有指令被直接加入或删除，对照留痕查明
V005 = {$table} 中的 {$row} 不是导入时的内容，被直接改动过
    .help = 重新导入正确的名单，并查明是谁改的
V006 = {$station} 的 {$table} 与留痕记载的总数或校验和不符，有行被直接加入、删除或改动
    .help = 对照最近一次导入的文件查明
V007 = 监管对象 {$subject} 的评定与重新计算的结果不符
    .help = 运行 wubu tick 后再核验；仍不符时交管理员

# 说明
why-days = 原定到期 {$nominal}，最迟 {$due}，下达日 {$issue}
post-always = 长期
filter-unknown-state = 没有“{$name}”这种状态；可以写：{$known}
filter-unknown = 现行规则里没有{$what}“{$name}”；有：{$known}
why-reason = 下达的事由：{$reason}
why-opened = 指令 {$number}（{$order}）于 {$at} 由 {$trigger} 下达：等级 {$tier}，{$dated ->
    [yes] 原定到期 {$nominal}，
   *[no] {""}
 }最迟 {$due}，下达日 {$issue}
why-due = 已到下达日：原定到期 {$nominal}，最迟 {$due}，下达日 {$issue}；下一次触发时下达
why-opened-by = 指令 {$number}（{$order}）于 {$at} { $how ->
    [order] 由指令 {$from}（{$parent}）在“{$step}”转入{ $some ->
        [yes] ：{$say}
       *[no] {""}
     }
    [hand] 由 {$by} 手工下达
   *[signal] 因信号“{$signal}”下达
 }；最迟 {$due}
why-unstaffed = 已到下达日 {$issue}，但派不出去：{$station} 能办“{$step}”的要 {$needed} 名有执法证、不回避的人员，只有 {$left} 名；最迟 {$due}。人手补齐以后，下一次触发时下达{ $some ->
    [yes] ；可以找 {$able} 调配
   *[no] {""}
 }
why-deferred = 已到下达日 {$issue}，但经办人本期指令已到上限，留待下次，最迟 {$due}
why-not-due = 还没到下达日：原定到期 {$nominal}，最迟 {$due}，下达日 {$issue}
why-held-suspended = 已到下达日 {$issue}，但歇业期间暂不下达
why-held-undecided = 已到下达日 {$issue}，但触发条件无法判定，已列入名单
why-held-when = 已到下达日 {$issue}，但不符合触发条件，不下达
why-held-overlap = 已到下达日 {$issue}，但上一条指令还没有办结，跳过
why-held-queue = 已到下达日 {$issue}，等上一条指令办结后下达
why-none-closed = 已注销，不再下达
why-none-no-tier = 等级从未判定，算不出到期日，不能下达
why-none-no-cycle = 登记簿里没有它自己的周期，算不出到期日，不能下达
why-none-no-anchor = 从未巡查，也没有成立日期，算不出到期日，不能下达
why-none-ordered = 本周期的指令{ $some ->
    [yes] {" "}{$number}（{$order}）
   *[no] {""}
 }已经下达，还在办理
why-none-other-kind = 这个流程不是针对监管对象的
why-none-no-trigger = 现行规则没有按周期的触发

test-done = 用例通过 {$passed} 个，未通过 {$failed} 个
test-differs = {$field}：应为 {$expected}，得到 {$got}
test-line = 第 {$line} 行，
test-order = 流程 {$order}，
test-no-order = 没有开出这样的指令
test-refused = 没有办成 [{$code}]：{$because}
test-coverage = 规则中能定结果的 {$lines} 处，用例走到 {$reached} 处{ $all ->
    [yes] ，都走到了
   *[no] ；上面列出没有走到的
 }
test-coverage-steps = 各流程的步骤 {$lines} 个，用例走到 {$reached} 个{ $all ->
    [yes] ，都走到了
   *[no] ；上面列出没有走到的
 }
test-coverage-rows = 各步骤的去向（next）{$lines} 行，用例走到 {$reached} 行{ $all ->
    [yes] ，都走到了
   *[no] ；上面列出没有走到的
 }
health-file = 数据库
health-bytes = 大小（字节）
health-integrity = 完整性
health-ok = 完好
health-served = 在服务器上，由服务器自己照管
health-none = 无
health-subjects = 监管对象
health-orders = 指令
health-waiting = 等待重新评定
term-window = 办理期限截止
no-next-no-tier = 等级未定，算不出下次到期
no-next-no-cycle = 登记簿里没有它自己的周期，算不出下次到期
no-next-no-anchor = 从未巡查，也没有成立日期，算不出下次到期
no-next-other-kind = 这个流程不是针对监管对象的
F004 = 规则文件夹里没有名为“{$calendar}”的按年列出的工作日历
    .help = 现用的日历是 {$known}；文件第一行 calendar: 后面写它的名称

# 送出去的消息.
cli-inbox = 收件箱：告知过某人的事，最近的在前
cli-inbox-example = wubu inbox --as P001
cli-outbox = 待发通知：在途的、没送到的、重送
cli-outbox-example = wubu outbox list --state dead
cli-outbox-list-example = wubu outbox list --state dead
cli-outbox-retry-example = wubu outbox retry --cause nobody --preview
cli-outbox-deliver-example = wubu outbox deliver
cli-outbox-list = 按去向列出在途的，按原因列出没送到的
cli-outbox-retry = 把因某种原因没送到的重新送
cli-outbox-deliver = 现在就送一遍（守护进程在运行时由它送）
cli-arg-cause = 没送到的原因，如 nobody 或 webhook/bridge/http-410
cli-arg-preview = 只报告有多少，不动
head-cause = 原因
head-channel = 途径
head-receiver = 收件人
head-how-many = 数量
head-at = 时间
outbox-waiting = 在途
outbox-nobody = {$station}没有任职的{$role}
outbox-dead = 没送到
channel-inbox = 收件箱
channel-mail = 邮件
channel-webhook = 程序接口
inbox-count = 共 {$count} 条消息
inbox-waiting = 另有 {$count} 条已经写下，还在路上：下一次推进（wubu tick，或者运行中的 wubu run）时送到
outbox-would-retry = 会重新送 {$count} 条
outbox-retried = {$count} 条将重新送
outbox-delivered = 待发通知写入消息 {$addressed} 件，无人可收 {$nobody} 件；送到 {$delivered} 条，稍后再试 {$again} 条，放弃 {$dead} 条，缺密钥暂存 {$held} 条
channel-no-secret = {$channel}：运行环境里没有它的密钥（邮件是 WUBU_SMTP_URL，程序接口是 WUBU_WEBHOOK_SECRET），消息先存着不送
channel-bad-secret = {$channel}：运行环境里它的密钥用不了，消息先存着不送
