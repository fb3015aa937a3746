# 办理指令：为什么不能这样办，应当怎么办

R010 = 指令 {$order} 在您查看之后又有变动：您看到的是第 {$version} 版，现在是第 {$now} 版
    .help = 用 wubu order show {$order} 看清现在的情况，再决定是否办理
R011 = 这条指令已经结束，不能再办理
    .help = 用 wubu order show 查看它是怎样结束的；确需再办的，用 wubu order open 另行下达
R012 = 指令现在不在步骤“{$step}”上
    .help = 用 wubu order show 查看现在到了哪一步；迟交的表单会留存并转给现在的经办人，请连同 --form 一起提交
R013 = 指令同时有几个步骤在办：{$here}
    .help = 用 --step 写明办的是哪一步
R014 = “{$step}”等的是别的指令办结，不由人办理
    .help = 先办结它所等的指令；用 wubu order show 查看是哪几条
R015 = 指令停在这里，等规则改好：{$cause}
    .help = 请规则管理员改好这一条规则并启用，再用 wubu order retry 让停住的指令继续
R016 = “{$step}”规定的等待期未满，{$from} 起才能办理
    .help = 到期再办；当事人书面放弃等待的，用 waive 并写明文书
R017 = “{$step}”要选一种意见：{$known}
    .help = 把其中一种写在办理动作的位置上，例如 wubu order act 编号 {$first} --as 工号
R018 = “{$step}”没有“{$action}”这种意见
    .help = {$some ->
        [yes] 这一步可以选：{$known}；
       *[no] 这一步没有可选的意见，办结用 complete；
     }wubu order act --help 列出各步通用的动作
R019 = “{$step}”要填表“{$form}”
    .help = 用 --form 附上填好的文件，必填的有：{$fields}；空表用 wubu order show 指令编号 --form 印出

R100 = 表“{$form}”填得不对，没有收下
    .help = 按下面逐条改好后重新提交；其余内容不必重填
R101 = 还缺“{$officer}”的会签
    .help = 请 {$officer} 用 sign 签署后再办结；催促可用 nudge
R102 = 期限自 {$from} 起已经中止，现在不能办结，也不用再中止
    .help = 中止的原因消失后，先用 resume 恢复计时，再办结
R103 = “{$step}”的期限没有中止
    .help = 期限照常计算，不必恢复
R104 = “{$step}”没有要等的期间
    .help = 可以直接办理
R105 = “{$step}”没有期限，谈不上延长或中止
    .help = 用 wubu order show 查看有期限的步骤；法定期限由规则里的 clock 定
R106 = “{$step}”之前没有可以退回去的步骤
    .help = 办错了的，可以由原办理人用 recall 撤回，或由所长用 cancel 撤销
R107 = 没有可以撤回的办理
    .help = 只有刚办结、后面还没有人接着办的才能撤回；已经有人接手的，请他用 return 退回
R108 = 这一步不由“{$officer}”办理
    .help = 用 wubu order show 查看经办人；需要换人的，请经办人或所长用 transfer 转办
R109 = “{$officer}”无权这样办，须由“{$role}”办理
    .help = {$some ->
        [yes] 可以办理的人：{$able}；也可以先办书面授权
       *[no] 请有此职务的人办理，或者先办书面授权
     }
R110 = 人员名册里没有“{$officer}”{$near ->
    [yes] ，是不是“{$nearest}”
   *[no] {""}
 }
    .help = 核对工号；新来的人员先用 wubu import officers 导入名册
R111 = “{$officer}”不能批准或会签自己的事
    .help = 请另一位有权的人批准或会签
R112 = {$work ->
    [open] “{$step}”还没有办结，{$officer} 还没有可以署名的
   *[none] 没有等“{$officer}”会签或者确认的事
 }
    .help = {$work ->
    [open] 先由同办的 {$assignees} 填表办结（complete），您再用 sign 署名；也可以由您填表办结，对方署名
   *[none] 需要会签的，先由经办人用 add-signer 加签；确认只能由记录里写明的本人署名，不能由别人代替
 }
R113 = 看不懂长度“{$length}”
    .help = 写成“5 工作日”“10 自然日”这样的正数加单位
R196 = “{$step}”延长 {$length}，也只到 {$until}，已经过了（今天是 {$today}）
    .help = 延期从原来的最后一天算起，不是从今天：写长一些，延到今天或以后；已经超期的，超期照记
R114 = 这条指令没有因为规则出错而停住
    .help = 用 wubu incident list 查看停住的指令
R230 = 新规则的“{$workflow}”里，没有办理中的步骤“{$step}”可以接着办的步骤
    .help = 在 running: 的 migrate: 里写 {$step}: 新步骤；新步骤要和原来的是同一类（由人办理、下设指令或者并行）
R231 = “{$workflow}”有 {$count} 条在办指令不能改按新规则办理，新规则没有启用：{$orders}
    .help = 照下面各条的原因改 running:，或者写 running: keep，让它们按原规则办完
R232 = 改名以后，步骤“{$first}”和“{$second}”合成了“{$step}”一个
    .help = 在 running: 的 migrate: 里给其中一个另写一个步骤
R115 = 规则仍然出错：{$cause}
    .help = 请规则管理员看这一行规则；改好、启用之后再试
R116 = 指令套指令超过 {$limit} 层，没有再开“{$workflow}”
    .help = 请规则管理员检查哪些流程互相启动
R117 = “{$step}”没有表可填
    .help = 不带 --form 再办；若表是给别的步骤的，用 --step 写明是哪一步
R118 = “{$officer}”已经先签收了
    .help = 需要换人的，请 {$officer} 或所长用 transfer 转办
R119 = 要写明事由或文书
    .help = 用 --reason 写事由，用 --document 写文书编号
R120 = 法定期限“{$clock}”不允许这样做
    .help = 依据见下面一条；期限的规定在 rules/clocks.yaml
R122 = 提交号“{$key}”已经用在另一件事上
    .help = 同一件事重发用同一个号，另一件事换一个新号
R123 = 表“{$form}”里判断“{$field}”是否必填的规则出错：{$cause}
    .help = 请规则管理员改好并启用；已填的表留着，改好后重新提交
R188 = “{$steps}”已经办结，不用再办一次，只等 {$officer} 本人确认
    .help = 请用 sign 署名：wubu order act {$order} sign --as {$as}
R124 = {$people} 还没有确认“{$steps}”
    .help = 请其本人署名：wubu order act {$order} sign --as {$signer}；没有确认以前，不能签批，指令也不能办结

act-open = 已办理。{$number}（{$id}）现在在“{$step}”
act-ended = 已办理。{$number}（{$id}）{$state}，最后一步是“{$step}”
act-late = {$number}（{$id}）{ $ended ->
        [yes] 已{$state}
       *[no] 已经往下走，现在在“{$step}”
    }：您交的内容已留存{ $some ->
        [yes] ，已告知 {$people}
       *[no] {""}
    }。wubu order show {$id} 的“经过”里可以看到
act-confirmed = 已确认“{$step}”：{ $what ->
        [extension] {$by} 申请的延期
        [pause] {$by} 申请的中止计时
       *[completion] {$by} 办结的这一次
    }
act-waits = { $what ->
        [extension] 延期还没有生效：等 {$people} 署名
        [pause] 中止计时还没有生效：等 {$people} 署名
       *[completion] “{$title}”还要 {$people} 本人确认
    }，用 wubu order act {$id} sign --step {$step} --as {$officer}
act-short = “{$step}”要 {$needed} 名人员同去，现在只有 {$people}，一个人交不了。请写明同去的人：wubu order act {$id} transfer --to 工号,工号 --reason 理由
act-unsigned = 等 {$roles} 签批：{$title}（{$document}）。签意见时一并签批；要先签的，用 wubu document approve {$document}
act-signed = 一并签批：{$documents}
act-unexplained = 没有写退回的理由，经办人看不出要改什么。下次加 --reason 理由；这一次可以补一句：wubu order act {$id} nudge --note 要改的地方
act-repeated = 这是上次提交的结果，没有重复办理
bulk-preview = 符合条件的指令 {$orders} 条，还没有办理；确认办理请加 --yes
bulk-done = 符合条件 {$orders} 条，已办理 {$done} 条，不予办理 {$refused} 条
bulk-refused = {$id}　[{$code}] {$text}
incident-line = {$cause}　停住 {$orders} 条，最早 {$since}
incident-order = {$id}　停在“{$step}”，{$since}
incident-none = 没有停住的指令
signal-noted = 已记下信号“{$name}”（{$id}）{ $orders ->
    [0] ，没有新开指令，在办的指令也没有变动
   *[other] {""}
 }
signal-opened = 新开指令：{$orders}
signal-reached = 送达在办指令：{$orders}
signal-already = 已有在办的指令，没有另开：{$orders}
signal-register = 注意：信号只管在办的指令，登记簿里 {$id} 还是{$status}，到期照样下达。请把新的状态和日期写进名单导入：wubu import subjects 文件.csv
