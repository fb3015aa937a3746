# 机器的管理员看的：备份、HTTP 入口、日志
cli-backup = 备份：不停工，把数据库和文件完整地另存一份
cli-backup-example = wubu backup backup-1 --verify
cli-arg-backup = 备份的文件夹
cli-arg-verify = 像 wubu verify 那样把整份备份核验一遍，每个文件都对一遍摘要
cli-restore = 恢复：用备份换下数据库
cli-restore-example = wubu restore backup-1 --db sqlite:wubu.db
cli-copy = 搬家：把数据库和文件复制到另一个地方，文件与服务器之间都可以
cli-copy-example = wubu copy --from sqlite:wubu.db --to postgres://wubu@db/wubu
cli-arg-copy-from = 原来的数据库；复制的时候不能有调度程序在上面运行
cli-arg-copy-to = 空的位置：还不存在的文件，或服务器上新建的空数据库
copy-done = 已把 {$from} 复制到 {$to}：这次写入 {$rows} 行，留痕 {$entries} 条，指令的文件 {$files} 个；两边都核验过
copy-next = 以后一律用 {$to}；原来的那份不要再启动，留到一切正常以后再删
copy-problems = 核验发现问题：原来的数据库 {$before} 个，复制的 {$after} 个；请分别运行 wubu verify
cli-arg-replace = 那里已有的数据库改个名字放在一边
cli-arg-numbers-from = 知道更新编号的文件：备份文件夹里的 numbers.json、较新备份的 manifest.json，或者旧数据库
cli-arg-gap = 在已知最新的编号后面再空出多少个（1000；被换下的数据库还能读的，是 0）
cli-arg-listen = /healthz、/readyz、/metrics 在哪里应答，如 127.0.0.1:8321；off 不应答
cli-arg-backup-folder = 定时备份的文件夹，代替 bureau.yaml 里写的
cli-arg-log = 标准错误上的日志怎样写：text、json

backup-made = { $problems ->
    [0] { $missing ->
        [0] 备份完成：{$path}（数据库 {$bytes} 字节，指令的文件 {$files} 个，留痕 {$entries} 条）
       *[other] 备份完成，只缺找不到的文件：{$path}（数据库 {$bytes} 字节，指令的文件 {$files} 个，留痕 {$entries} 条）
     }
   *[other] 备份完成，数据库里原有的问题备份里也有：{$path}（数据库 {$bytes} 字节，指令的文件 {$files} 个，留痕 {$entries} 条）
 }
backup-problems = 核验发现数据库有问题，共 {$problems} 个：请运行 wubu verify
backup-missing = 指令里写明、却找不到的文件，共 {$missing} 个：请运行 wubu verify，并在较早的备份里找
backup-scheduled = 已备份：{$path}
backup-scheduled-removed = 已备份：{$path}；按保留的规定清掉 {$count} 份
backup-scheduled-failed = 备份没有成功；一刻钟后再试
restore-done = 已把 {$made} 的备份恢复到 {$database}（放回指令的文件 {$files} 个）；从此是第 {$epoch} 期
restore-replaced = 原来的数据库现在叫 {$replaced}；一切正常以后再删
restore-missing = 指令的文件有 {$missing} 个，备份里也没有
restore-passed = 备份以后可能已经用掉的编号不再使用；空出的编号记在留痕里：
restore-next = 接下来请运行 wubu verify；启动调度程序以前，把手头最新的文书与上面的编号对一对
passed-orders = 指令
passed-series = 文书
head-numbers = 编号
head-numbers-of = 哪一种
head-in-backup = 备份里最新的
head-goes-on = 接着从

R240 = {$path} 已经有东西了；没有覆盖
    .help = 写一个还没有的文件夹，比如 {$path}-2
R241 = {$path} 已经有数据库；什么也没有动
    .help = 加上 --replace，就把它改名放在一边；或者用 --db sqlite:别的.db 恢复到别处
R242 = {$path} 没有完整的备份
    .help = 写明装着 manifest.json 和 wubu.db 的文件夹；名字以点开头的文件夹没有备份完
R243 = {$path} 的备份坏了：{$what} 与写下的不一样
    .help = 换一份备份，早一些的或者另一处的；数据库没有动
R244 = {$path} 里没有写编号
    .help = 写备份文件夹里的 numbers.json、备份的 manifest.json，或者一个数据库

F007 = {$address} 上没有应答：{$cause}
    .help = 用 --listen 另写一个地址，或者停掉占着它的程序（--listen off 是不应答）。地址没有写在命令行上的，调度照常进行，过一会儿再试
listen-begun = /healthz、/readyz、/metrics 在 http://{$address} 应答
listen-open = {$address} 别的机器也连得上：那里说的，连得上的人都看得到
    .help = 前面没有防火墙或者代理的，请用 127.0.0.1
U041 = 看不懂 --listen 的“{$text}”
    .help = 写地址和端口，如 127.0.0.1:8321，或者 off

health-epoch = 第几期（1 是没有恢复过）
health-schema = 数据结构
health-disk = 数据库所在磁盘的余量（字节）
health-backup-folder = 备份的文件夹
health-backup-newest = 最新的完整备份
health-backup-count = 完整备份的份数
health-backup-try = 最近一次定时备份
health-backup = 备份
health-daemon = 调度程序
health-unknown = 不知道
health-backup-unscheduled = 没有定时：在 bureau.yaml 里写 backup:，或者用 wubu run --backup 文件夹 启动
health-backup-fine = 按时
health-backup-none = 一份也没有：看 wubu run 在不在运行、日志怎么说；或者用 wubu backup 文件夹 备份一次
health-backup-old = 最新的太旧了：看 wubu run 在不在运行，文件夹能不能写、有没有余量
health-backup-failed = 最近一次没有成功（{$cause}）；每一刻钟再试一次
health-daemon-runs = 正在运行：机器 {$host} 上的进程 {$pid}，自 {$since}
health-daemon-runs-unnamed = 正在运行
health-daemon-stopped = 没有运行：用 wubu run 启动；装成服务的，启动服务
health-try-good = {$at}：成功
health-try-failed = {$at}：没有成功，{$cause}

limit-http-connections = HTTP 入口同时接待的连接
limit-http-head = 请求头最长等多久
limit-http-head-bytes = 请求头最长
limit-http-answer = 应答最长等数据库多久
