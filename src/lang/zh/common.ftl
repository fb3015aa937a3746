# 各处通用的词
level-error = 错误
level-warning = 提醒
level-help = 怎么办

# 列举和括注用的标点
mark-between = 、
mark-open = （
mark-close = ）
io-cause = { $cause ->
    [absent] 没有这个文件或者文件夹
    [denied] 没有权限
    [folder] 这是文件夹，不是文件
    [no-folder] 这不是文件夹
    [full] 磁盘已满
    [read-only] 磁盘是只读的
    [large] 太大
    [odd] 不是文件夹里的普通文件
    [damaged] 内容已损坏，或者不是 UTF-8 文字
    [cut] 内容不完整
    [broken] 对方不再接收
    [changed] 办理期间内容有变
   *[other] {$cause}
 }
