-- Fills the tables as a bureau would, with as many subjects as the table `n` has numbers: half of them
-- have an order, half are due, six homes, twenty-five subjects to an officer.

INSERT INTO meta SELECT 'sum/' || i, '1 0' FROM n WHERE i < 40;
INSERT INTO policy_text SELECT 'd' || i, 'text' FROM n WHERE i % 100 = 0;
INSERT INTO release (number, policy, activated_at, actor, files)
    SELECT i / 100 + 1, 'p', '2026-01-01T00:00:00.000000Z', 'a', '[]' FROM n WHERE i % 100 = 0;
INSERT INTO proposal SELECT i / 100 + 1, 'p', 'policy', 'a', '2026-01-01T00:00:00.000000Z', '[]', '[]', NULL, NULL, NULL, NULL FROM n WHERE i % 100 = 0;
INSERT INTO station SELECT 'h' || i, 'H', 'd' FROM n WHERE i < 6;
INSERT INTO grid SELECT 'g' || (i / 50), 'G', 'h' || (i / 50 % 6), 'o' || (i / 25), NULL, 'd' FROM n WHERE i % 50 = 0;
INSERT INTO officer SELECT 'o' || (i / 25), 'O', 'h' || (i / 25 % 6), '[]', NULL, NULL, 'd' FROM n WHERE i % 25 = 0;
INSERT INTO post SELECT id, 'role', '', NULL FROM officer;
INSERT INTO leave SELECT id, '2026-03-01', '2026-03-02', NULL FROM officer;
INSERT INTO delegation SELECT id, 'o0', '*', '2026-03-01', '2026-03-02', 'd' FROM officer;
INSERT INTO conflict SELECT id, 's0000000', '', 'd' FROM officer;
INSERT INTO service SELECT id, NULL, 'a@b' FROM officer;
INSERT INTO subject SELECT 'h' || (i % 6), printf('s%07d', i), 'S', 'h' || (i % 6), 'g' || (i / 50), NULL, NULL, '[]', NULL, '{}', 'd' FROM n;
INSERT INTO inspection (home, subject, id, on_day, result, problems, digest) SELECT s.home, s.id, 'i' || k.i, '2026-01-01', 'r', '{}', 'd' FROM subject AS s CROSS JOIN n AS k WHERE k.i < 5;
INSERT INTO mark SELECT home, id FROM subject WHERE substr(id, -1) = '3';
INSERT INTO decision SELECT 'd' || (i / 4), '{}' FROM n WHERE i % 4 = 0;
INSERT INTO appraisal
    SELECT home, id, 'A', '1.0', 'd0', CASE WHEN substr(id, -2) = '33' THEN 'U001' END, '2026-03-01',
        date('2026-03-01', '+' || (substr(id, 2) % 300) || ' days'), '[]', '[["five-step","cycle","2026-03-01"]]' FROM subject;
INSERT INTO due
    SELECT 'h' || (i % 6), 'five-step', 'cycle', CASE i % 48 WHEN 6 THEN 1 WHEN 30 THEN 2 ELSE 0 END,
        date('2026-03-01', '+' || (i / 12 % 60) || ' days'), printf('s%07d', i), '2026-03-28', '2026-03-27', 0,
        'h' || (i % 6), 'g' || (i / 50), 'A', '1.0', 'd0', CASE WHEN i % 24 = 6 THEN 'overlap' END FROM n WHERE i % 12 >= 6;
INSERT INTO watermark VALUES ('five-step', 'cycle', '2026-01-01T00:00:00.000000Z', '2026-03-12T23:00:00.000000Z');
INSERT INTO occurrence SELECT 'five-step', 'cycle', printf('%09d', i), 'fired', NULL, '2026-03-12T23:00:00.000000Z', 1 FROM n WHERE i % 50 = 0;
INSERT INTO skip SELECT 'h' || (i % 6), 'five-step', 'cycle', printf('s%07d', i), '2026-03-28', 'overlap', '2026-03-01' FROM n WHERE i % 10 = 0;
INSERT INTO tally SELECT station, 'five-step', 'cycle', 'officer', m.period, id, 3
    FROM officer CROSS JOIN (SELECT '2026-02' AS period UNION ALL SELECT '2026-03') AS m;

INSERT INTO orders (home, seq, number, workflow, "trigger", subject_kind, subject, nominal, station, grid, officer,
    scheduled_for, issued_at, due_on, provisional, policy, state, step, visit, step_due, ended_on, version, assignees)
    SELECT 'h' || (i % 6), i / 12 + 1, 'N' || i, 'five-step', 'cycle', 'subject', printf('s%07d', i), '2026-03-28', 'h' || (i % 6),
        'g' || (i / 50), 'o' || (i / 25), '2026-03-01', printf('2026-03-01T00:00:00.%06dZ', i), '2026-03-27', 0, 'p',
        CASE WHEN i / 12 % 3 = 0 THEN 'done' ELSE 'open' END, 'patrol', 1, '2026-03-20',
        CASE WHEN i / 12 % 3 = 0 THEN '2026-03-10' END, 1, '[]' FROM n WHERE i % 12 < 6;
INSERT INTO orders (home, seq, number, workflow, "trigger", subject_kind, subject, nominal, station,
    scheduled_for, issued_at, due_on, provisional, policy, state, step, visit, version)
    SELECT home, 1000000 + seq, number || '-1', 'penalty', 'order', 'subject', subject, seq || '.penalty.1', station,
        scheduled_for, issued_at, due_on, 0, 'p', 'open', 'filing', 1, 1 FROM orders WHERE seq % 20 = 1;
INSERT INTO progress SELECT home, seq, '{}' FROM orders;
INSERT INTO term
    SELECT o.home, o.seq, 'patrol', 1, 'overdue', k.i, printf('2026-03-2%dT00:00:00.000000Z', k.i), '2026-03-20', '{}',
        CASE WHEN k.i < 2 OR o.state = 'done' THEN '2026-03-10T00:00:00.000000Z' END
    FROM orders AS o CROSS JOIN n AS k WHERE k.i < 3;
INSERT INTO outbox (home, seq, version, ordinal, kind, addressee, body, state, attempts, next_at, cause)
    SELECT o.home, o.seq, k.i + 1, 1, 'told', 'role/x', '{}',
        CASE WHEN k.i < 2 OR o.seq % 4 > 1 THEN 'done' WHEN o.seq % 4 = 0 THEN 'dead' ELSE 'waiting' END, 0,
        '2026-03-12T00:00:00.000000Z', CASE WHEN k.i = 2 AND o.seq % 4 = 0 THEN 'nobody/role/x' END
    FROM orders AS o CROSS JOIN n AS k WHERE k.i < 3;
INSERT INTO notice
    SELECT 'inbox', COALESCE(officer, 'o0'), home || '/' || seq, '[]', 'done', 1, issued_at, NULL FROM orders WHERE officer IS NOT NULL;
INSERT INTO notice
    SELECT 'mail', officer, home || '/' || seq, '[]', CASE WHEN seq % 7 = 0 THEN 'waiting' WHEN seq % 7 = 1 THEN 'dead' ELSE 'done' END,
        seq % 2, issued_at, CASE WHEN seq % 7 = 1 THEN 'mail/refused' END FROM orders WHERE officer IS NOT NULL;
INSERT INTO notice SELECT 'inbox', id, '', '[]', 'gathering', 0, '2026-03-12T00:00:00.000000Z', NULL FROM officer WHERE substr(id, -1) = '1';
INSERT INTO duty SELECT home, seq, step, visit, COALESCE(officer, 'o0'), issued_at FROM orders WHERE state = 'open' AND officer IS NOT NULL;
INSERT INTO workload SELECT home, officer, COUNT(*), MAX(since) FROM duty GROUP BY home, officer;
INSERT INTO incident SELECT home, seq, step, 'five-step.yaml/patrol', issued_at FROM orders WHERE seq % 50 = 2;
INSERT INTO act SELECT home, seq, 'k1', 'd', '{}', issued_at FROM orders;
INSERT INTO submission SELECT home, seq, 'k1', step, 1, 'o0', issued_at, 'R010', '{}', NULL FROM orders WHERE seq % 20 = 1;
INSERT INTO attachment SELECT home, seq, 'd1', 'photo', 'image/jpeg', 1, 'o0', issued_at, NULL, NULL, NULL FROM orders WHERE seq % 10 = 1;
INSERT INTO signal SELECT i / 10 + 1, 'subject.closed', 'subject', printf('s%07d', i), '{}', '2026-03-01T00:00:00.000000Z',
    CASE WHEN i % 200 <> 0 THEN '2026-03-01T00:00:00.000000Z' END FROM n WHERE i % 10 = 0;
INSERT INTO ledger (chain, seq, at, actor, kind, body, prev, hash, about)
    SELECT 'h' || (i % 6), i / 6 + 1, printf('2026-03-01T00:00:00.%06dZ', i / 6), 'a',
        CASE WHEN i % 12 >= 6 THEN 'terms.fired' WHEN i / 12 % 5 = 0 THEN 'document.signed' ELSE 'acted' END, '{}', 'p', 'h',
        CASE WHEN i % 12 < 6 THEN i / 12 + 1 END FROM n;
INSERT INTO head SELECT chain, MAX(seq), 'h', MAX(at) FROM ledger GROUP BY chain;
INSERT INTO order_year SELECT DISTINCT home, 2026, 1 FROM orders;
INSERT INTO number_series VALUES ('巡', '示', 2026, 1);
INSERT INTO document (home, seq, ordinal, kind, step, visit, station, state, prefix, organ, year, n, blank_year, blank_n,
    made_by, made_at, marks, policy, facts, printed, version)
    SELECT o.home, o.seq, k.i + 1, CASE k.i WHEN 0 THEN 'reg.order' ELSE 'pen.summary' END, o.step, 1, o.station,
        CASE WHEN o.state = 'done' THEN 'filed' ELSE 'signed' END, '巡', '示', 2026, substr(o.number, 2) * 2 + k.i,
        CASE k.i WHEN 1 THEN 2026 END, CASE k.i WHEN 1 THEN 1 + substr(o.number, 2) END, '[]', o.issued_at, '{}', 'p', '{}', 'd', 1
    FROM orders AS o CROSS JOIN n AS k WHERE k.i < 2 AND o.officer IS NOT NULL;
INSERT INTO fact SELECT printf('%032d', i), '{}' FROM n;
INSERT INTO blank_issue SELECT 'pen.summary', 2026, i + 1, i + 100, 'h' || (i / 100 % 6), '2026-02-01T00:00:00.000000Z', 'a' FROM n WHERE i % 100 = 0;
INSERT INTO blank (kind, year, n, station, state, keeper, officer, home, seq, ordinal, original, moves)
    SELECT 'pen.summary', 2026, i + 1, 'h' || (i / 100 % 6),
        CASE WHEN i % 12 < 6 THEN 'in_use' WHEN i % 12 = 7 THEN 'voided' WHEN i % 12 = 8 THEN 'signed_out' ELSE 'in_stock' END,
        'o0', CASE WHEN i % 12 < 6 OR i % 12 = 8 THEN 'o' || (i / 25) END, CASE WHEN i % 12 < 6 OR i % 12 = 8 THEN 'h' || (i % 6) END,
        CASE WHEN i % 12 < 6 OR i % 12 = 8 THEN i / 12 + 1 END, CASE WHEN i % 12 < 6 THEN 2 END, CASE WHEN i % 12 = 7 THEN 0 END, 2 FROM n;
INSERT INTO blank_move SELECT b.kind, b.year, b.n, k.i + 1, '2026-02-01T00:00:00.000000Z', CASE k.i WHEN 0 THEN 'in_stock' ELSE b.state END, b.original
    FROM blank AS b CROSS JOIN n AS k WHERE k.i < 2;
INSERT INTO blank_close SELECT 'h' || (i % 6), printf('%04d-%02d', 2000 + i / 600, i / 6 % 100), '2026-02-01T00:00:00.000000Z', 'a', '[]' FROM n WHERE i < 60;
