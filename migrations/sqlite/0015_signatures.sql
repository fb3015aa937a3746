-- Signatures that were asked for and not given are duties of those who were asked: they are found and moved when
-- the signer goes away. Orders of earlier builds hold them in their progress alone.

PRAGMA user_version = 15;

INSERT INTO duty (officer, home, seq, step, visit, since)
SELECT signer.value ->> 'officer', p.home, p.seq, place.value ->> 'step', place.value ->> 'visit',
       place.value ->> 'entered_at'
FROM progress AS p, json_each(p.body, '$.state.open') AS place,
     json_each(COALESCE(place.value -> '$.standing.duty.signers', place.value -> '$.standing.waiting.duty.signers')) AS signer
WHERE p.body LIKE '%"signers"%' AND signer.value ->> 'signed_at' IS NULL
ON CONFLICT DO NOTHING;

INSERT INTO workload (officer, duties, last_at)
SELECT officer, COUNT(*), MAX(since) FROM duty WHERE true GROUP BY officer
ON CONFLICT (officer) DO UPDATE SET duties = excluded.duties;
