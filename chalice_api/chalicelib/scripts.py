"""The Lua scripts of the cache: each is one step that must happen whole, whoever else writes meanwhile.

All keys of a model share a hash tag, so a script's keys are in one slot of a cluster. A cached row is a flag
(`P` once the stream delivered it, `L` while only a load from DynamoDB did), 24 characters `_updated_at`, then
its JSON.
"""

from __future__ import annotations

MERGE = """
local rows, meta, pending, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local origin = ARGV[2]
local changed = {}
local until_time = redis.call('HGET', meta, 'held_until')
local holds = until_time and until_time > ARGV[5]
  and ARGV[6] >= string.sub(redis.call('HGET', meta, 'held_from'), 1, 13)
if holds then
  redis.call('SADD', held, ARGV[6])
  if origin == 'P' then return changed end
end
for i = 7, #ARGV, 2 do
  local sk, new = ARGV[i], ARGV[i + 1]
  local old = redis.call('HGET', rows, sk)
  local push = nil
  local newer = true
  if old then
    local old_time, new_time = string.sub(old, 2, 25), string.sub(new, 1, 24)
    newer = new_time > old_time
      or (new_time == old_time and origin == 'P' and string.sub(old, 2) ~= new)
    if holds then newer = false end
  end
  if newer then
    redis.call('HSET', rows, sk, origin .. new)
    if origin == 'P' then push = new end
  elseif origin == 'P' and string.sub(old, 1, 1) == 'L' then
    push = string.sub(old, 2)
    redis.call('HSET', rows, sk, 'P' .. push)
  end
  if push then
    redis.call('HSET', pending, sk, string.sub(push, 25))
    changed[#changed + 1] = sk
  end
end
redis.call('EXPIRE', rows, ARGV[1])
local function raise(field, value)
  local old = redis.call('HGET', meta, field)
  if value ~= '' and (not old or value > old) then redis.call('HSET', meta, field, value) end
end
raise('watermark', ARGV[3])
raise('as_of', ARGV[4])
return changed
"""
"""KEYS rows, meta, pending, held; ARGV ttl_seconds, origin (`P` or `L`), watermark, as_of, the present time,
the bucket, then sk and `_updated_at` + JSON for each row. The newer `_updated_at` stays; on a tie the
stream's later arrival does. Returns the sk of rows that subscribers have to learn of, which are also put into
`pending`.

While the model is recomputed a row that is there stays as it is, whatever the stream or the table says: the
bucket is only noted in `held`, to be read from the table when that is over."""

HOLD = """
local meta, held = KEYS[1], KEYS[2]
if ARGV[4] == 'running' then
  local until_time = redis.call('HGET', meta, 'held_until')
  local goes_on = until_time and until_time > ARGV[5]
  redis.call('HSET', meta, 'held_since', ARGV[1], 'held_from', ARGV[2], 'held_until', ARGV[3])
  redis.call('HDEL', meta, 'held_done')
  return goes_on and 0 or 1
end
if redis.call('HGET', meta, 'held_done') == ARGV[1] then return 0 end
redis.call('HSET', meta, 'held_since', ARGV[1], 'held_from', ARGV[2], 'held_until', ARGV[3])
redis.call('HSET', meta, 'held_done', ARGV[1])
for i = 6, #ARGV do redis.call('SADD', held, ARGV[i]) end
return 1
"""
"""KEYS meta, held; ARGV since, from, until, state, the present time, then buckets. `running` begins a hold or
moves its deadline (returns 0); `done` ends it and names the buckets to be read anew (returns 0 where it had
ended before)."""

PUSH = """
local rows, pending = KEYS[1], KEYS[2]
local values = redis.call('HGETALL', rows)
for i = 1, #values, 2 do
  if string.sub(values[i], 1, 1) ~= '!' then
    redis.call('HSET', pending, values[i], string.sub(values[i + 1], 26))
  end
end
"""
"""KEYS rows, pending. Queues every row of a bucket for the subscribers, changed or not."""

RELEASED = """
local rows, meta, pending, held = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
for i = 2, #ARGV do
  redis.call('HDEL', rows, ARGV[i])
  redis.call('HDEL', pending, ARGV[i])
end
if #ARGV > 1 and redis.call('HEXISTS', meta, 'seq') == 1 then
  local seq = string.format('%.0f', redis.call('HINCRBY', meta, 'seq', 1))
  redis.call('HSET', meta, 'sent', seq)
end
redis.call('SREM', held, ARGV[1])
"""
"""KEYS rows, meta, pending, held; ARGV the bucket, then the sk of rows that are no more. Ends a bucket's
hold. No frame can take a row away, so a sequence number is left out: subscribers see the gap and get a
snapshot."""

BEGIN_LOAD = """
redis.call('HSETNX', KEYS[1], '!load', ARGV[2])
redis.call('EXPIRE', KEYS[1], ARGV[1])
return redis.call('HGET', KEYS[1], '!load')
"""
"""KEYS rows; ARGV ttl_seconds, token. Returns the token in force: it is lost when the bucket is."""

END_LOAD = """
if redis.call('HGET', KEYS[1], '!load') ~= ARGV[1] then return 0 end
redis.call('HSET', KEYS[1], '!complete', ARGV[2])
return 1
"""
"""KEYS rows; ARGV token, epoch milliseconds of the load. Marks the bucket complete, unless it was lost
meanwhile."""

SEQUENCE = """
local seq = redis.call('HGET', KEYS[1], 'seq')
if not seq then
  local time = redis.call('TIME')
  seq = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('HSET', KEYS[1], 'seq', seq, 'sent', seq)
end
return seq
"""
"""KEYS meta. Returns the topic's newest sequence number, starting it from the clock where there is none."""

NEXT_FRAME = """
local meta, pending, deltas = KEYS[1], KEYS[2], KEYS[3]
local picked = redis.call('HRANDFIELD', pending, 64, 'WITHVALUES')
if #picked == 0 then return false end
local rows, taken, bytes = {}, {}, 0
for i = 1, #picked, 2 do
  local size = #picked[i + 1]
  if #rows > 0 and bytes + size > tonumber(ARGV[1]) then break end
  rows[#rows + 1] = picked[i + 1]
  taken[#taken + 1] = picked[i]
  bytes = bytes + size
end
redis.call('HDEL', pending, unpack(taken))
if redis.call('HEXISTS', meta, 'seq') == 0 then
  local time = redis.call('TIME')
  local start = string.format('%.0f', time[1] * 1000 + math.floor(time[2] / 1000))
  redis.call('HSET', meta, 'seq', start, 'sent', start)
end
local seq = string.format('%.0f', redis.call('HINCRBY', meta, 'seq', 1))
redis.call('RPUSH', deltas, seq .. '|[' .. table.concat(rows, ',') .. ']')
redis.call('LTRIM', deltas, -tonumber(ARGV[2]), -1)
redis.call('EXPIRE', deltas, ARGV[3])
return seq
"""
"""KEYS meta, pending, deltas; ARGV greatest bytes of rows, frames kept, ttl_seconds. Turns waiting rows into
one frame with the next sequence number; returns that, or nothing where no row waits."""

DELTAS_AFTER = """
local seq = redis.call('HGET', KEYS[1], 'seq')
local after = tonumber(ARGV[1])
if not seq or after > tonumber(seq) then return {0} end
local missing = tonumber(seq) - after
if missing > redis.call('LLEN', KEYS[2]) then return {0} end
if missing == 0 then return {1} end
local frames = redis.call('LRANGE', KEYS[2], -missing, -1)
table.insert(frames, 1, 1)
return frames
"""
"""KEYS meta, deltas; ARGV a sequence number. Returns 1 and the frames after it, or 0 where they are not
kept."""

RELEASE = """
if redis.call('GET', KEYS[1]) == ARGV[1] then return redis.call('DEL', KEYS[1]) end
return 0
"""
"""KEYS lock; ARGV token. Gives the lock back if it is still ours."""
