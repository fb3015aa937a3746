# What the administrator of the machine reads: backups, the HTTP door, the log
cli-backup = Put the database and its files aside, whole, while work goes on
cli-backup-example = wubu backup backup-1 --verify
cli-arg-backup = The folder of the backup
cli-arg-verify = Verify the whole copy as wubu verify does, and every file by its digest
cli-restore = Put a backup in the place of the database
cli-restore-example = wubu restore backup-1 --db sqlite:wubu.db
cli-copy = Move house: copy the database and its files to another place, between files and servers
cli-copy-example = wubu copy --from sqlite:wubu.db --to postgres://wubu@db/wubu
cli-arg-copy-from = The database as it is; nobody dispatches on it meanwhile
cli-arg-copy-to = An empty place: a file that does not exist yet, or a new database on the server
copy-done = {$from} is copied to {$to}: rows written now: {$rows}, entries: {$entries}, files of orders: {$files}; both were verified
copy-next = Use {$to} from now on; do not start the old one again, and keep it until all is well
copy-problems = Problems found by verify, in the original: {$before}, in the copy: {$after}; run wubu verify on each
cli-arg-replace = Put the database that is there aside, under another name
cli-arg-numbers-from = A file that knows newer numbers: numbers.json of the backups, a newer backup’s manifest, an old database
cli-arg-gap = Pass over so many numbers behind the newest known (1000; 0 where the replaced database can still be read)
cli-arg-listen = Where /healthz, /readyz and /metrics answer, such as 127.0.0.1:8321; off: nowhere
cli-arg-backup-folder = The folder of scheduled backups, in place of the one in bureau.yaml
cli-arg-log = How the log on stderr is written: text, json

backup-made = { $problems ->
    [0] { $missing ->
        [0] backup complete: {$path} (database {$bytes} bytes, {$files} files of orders, {$entries} entries of the record)
       *[other] backup complete but for what is missing: {$path} (database {$bytes} bytes, {$files} files of orders, {$entries} entries of the record)
     }
   *[other] backup complete, and it has the problems of the database: {$path} (database {$bytes} bytes, {$files} files of orders, {$entries} entries of the record)
 }
backup-problems = problems that verify found in the database: {$problems}; run wubu verify
backup-missing = files that orders name and that were not to be found: {$missing}; run wubu verify, and look for them in older backups
backup-scheduled = backup made: {$path}
backup-scheduled-removed = backup made: {$path}; {$count} no longer kept
backup-scheduled-failed = the backup failed; it is tried again in a quarter of an hour
restore-done = restored to {$database} what a backup of {$made} holds ({$files} files of orders put back); epoch {$epoch} begins
restore-replaced = what stood there is now {$replaced}; take it away once all is well
restore-missing = {$missing} files of orders were not in the backup either
restore-passed = numbers that may have been given after the backup are not given again; those passed over stand in the record:
restore-next = now run wubu verify; then compare the newest papers you have with the numbers above, before the daemon is started
passed-orders = orders
passed-series = documents
head-numbers = numbers
head-numbers-of = of
head-in-backup = newest in the backup
head-goes-on = goes on at

R240 = there is already something at {$path}; nothing was written over
    .help = name a folder that does not exist yet, such as {$path}-2
R241 = there is a database at {$path}; nothing was changed
    .help = give --replace and it is put aside under another name; or restore elsewhere with --db sqlite:OTHER.db
R242 = there is no complete backup at {$path}
    .help = name the folder that holds manifest.json and wubu.db; a folder whose name begins with a dot was never finished
R243 = the backup at {$path} is damaged: {$what} is not what was written
    .help = use another backup, older or from another place; the database was not touched
R244 = {$path} says nothing of numbers
    .help = name numbers.json of a folder of backups, the manifest.json of a backup, or a database

F007 = nobody is served at {$address}: {$cause}
    .help = name another address with --listen, or stop the program that has it (--listen off: nobody is served). A daemon whose address comes from the environment, or from nobody, dispatches meanwhile and asks for it again
listen-begun = /healthz, /readyz and /metrics answer at http://{$address}
listen-open = {$address} can be reached from other machines: what is told there is open to whoever reaches it
    .help = keep to 127.0.0.1 unless a firewall or a proxy stands before it
U041 = --listen cannot read “{$text}”
    .help = write an address and a port, such as 127.0.0.1:8321, or off

health-epoch = epoch (1: never restored)
health-schema = data structure
health-disk = room on the disk of the database, in bytes
health-backup-folder = folder of backups
health-backup-newest = newest complete backup
health-backup-count = complete backups
health-backup-try = last scheduled try
health-backup = backups
health-daemon = daemon
health-unknown = not known
health-backup-unscheduled = not scheduled: put backup: into bureau.yaml, or start wubu run with --backup FOLDER
health-backup-fine = as scheduled
health-backup-none = there is none: see whether wubu run is running and its log; or make one with wubu backup FOLDER
health-backup-old = the newest is too old: see whether wubu run is running, whether the folder can be written and has room
health-backup-failed = the last try failed ({$cause}); it is made again every quarter of an hour
health-daemon-runs = running: process {$pid} on {$host}, since {$since}
health-daemon-runs-unnamed = running
health-daemon-stopped = not running: start it with wubu run, or systemctl start wubu
health-try-good = {$at}: made
health-try-failed = {$at}: failed, {$cause}

limit-http-connections = connections of the HTTP door at once
limit-http-head = time for the head of a request
limit-http-head-bytes = longest head of a request
limit-http-answer = time an answer waits for the database
