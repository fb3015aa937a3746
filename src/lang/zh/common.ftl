# 各处通用的词
level-error = 错误
level-warning = 提醒
level-help = 怎么办
