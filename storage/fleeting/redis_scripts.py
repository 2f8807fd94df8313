"""What Redis does in one step: each script is atomic, and touches the one key it is given.

Times are microseconds since 1970 UTC by the callers' clock, exact in Lua's numbers until the year 2255. They are passed
on as they came or by string.format, since Lua's own way of writing a number keeps 14 digits only. `broom` is in how
many milliseconds Redis may throw the key away, which is later than its `until`.
"""

from storage.fleeting.redis_wire import Script

ONCE = Script(
    """
-- now, until, broom: a value is written "<until> <bytes>", and a mark is an empty one
local till = string.match(redis.call('GETRANGE', KEYS[1], 0, 20), '^(%-?%d+) ')
if till and tonumber(till) > tonumber(ARGV[1]) then return 0 end
redis.call('SET', KEYS[1], ARGV[2] .. ' ', 'PX', ARGV[3])
return 1
"""
)

SPEND = Script(
    """
-- now, broom, then a count and a length for each limit: microseconds to wait, 0 if it was spent
local now, wait, longest = tonumber(ARGV[1]), 0, 0
for n = 3, #ARGV, 2 do
    local length = tonumber(ARGV[n + 1])
    local opening = now - length
    -- the count-th last one in the window has to leave it first
    local last = redis.call('ZREVRANGEBYSCORE', KEYS[1], '+inf', string.format('(%.0f', opening), 'WITHSCORES',
        'LIMIT', tonumber(ARGV[n]) - 1, 1)
    if last[2] then wait = math.max(wait, tonumber(last[2]) - opening) end
    longest = math.max(longest, length)
end
if wait > 0 then return wait end
redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', string.format('%.0f', now - longest))
-- those of one moment are told apart by a number
local number = redis.call('ZCARD', KEYS[1])
while redis.call('ZADD', KEYS[1], 'NX', ARGV[1], ARGV[1] .. ' ' .. number) == 0 do number = number + 1 end
redis.call('PEXPIRE', KEYS[1], ARGV[2])
return 0
"""
)

COUNT = Script(
    """
-- now, step, until, broom: the counter's new value
local kept = redis.call('HMGET', KEYS[1], 'until', 'n')
local live = kept[1] and tonumber(kept[1]) > tonumber(ARGV[1])
if ARGV[2] == '0' then return live and tonumber(kept[2]) or 0 end
if live then return redis.call('HINCRBY', KEYS[1], 'n', ARGV[2]) end
redis.call('HSET', KEYS[1], 'until', ARGV[3], 'n', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return tonumber(ARGV[2])
"""
)

PUT_TRIES = Script(
    """
-- value, tries, until, broom
redis.call('HSET', KEYS[1], 'value', ARGV[1], 'left', ARGV[2], 'until', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
"""
)

TAKE_TRY = Script(
    """
-- now: the value and how many tries are left
local kept = redis.call('HMGET', KEYS[1], 'until', 'left', 'value')
if not kept[1] or tonumber(kept[1]) <= tonumber(ARGV[1]) or tonumber(kept[2]) <= 0 then return false end
return {kept[3], redis.call('HINCRBY', KEYS[1], 'left', -1)}
"""
)

CONSUME = Script(
    """
-- value: 1 if it was there
if redis.call('HGET', KEYS[1], 'value') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
)

HOLD = Script(
    """
-- holder, now, until, broom: 1 if it is his
local kept = redis.call('HMGET', KEYS[1], 'holder', 'until')
if kept[1] and kept[1] ~= ARGV[1] and tonumber(kept[2]) > tonumber(ARGV[2]) then return 0 end
redis.call('HSET', KEYS[1], 'holder', ARGV[1], 'until', ARGV[3])
redis.call('PEXPIRE', KEYS[1], ARGV[4])
return 1
"""
)

RELEASE = Script(
    """
-- holder: 1 if nobody else has had it since
if redis.call('HGET', KEYS[1], 'holder') ~= ARGV[1] then return 0 end
return redis.call('DEL', KEYS[1])
"""
)

TAKE = Script(
    """
-- now, each, room, most, owed, longest debt, remembered, broom: how many were taken, the wait for one more, and for how
-- long all keep still. What it does is told in buckets.py.
local now, each, most = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[4])
local kept = redis.call('HMGET', KEYS[1], 'due', 'still')
local still = tonumber(kept[2] or 0)
local due = math.max(tonumber(kept[1] or 0), now) + tonumber(ARGV[5]) * each
due = math.max(math.min(due, now + tonumber(ARGV[6])), now)
local room, taken = now + tonumber(ARGV[3]) - due, 0
if still <= now then taken = math.min(most, math.max(0, math.floor(room / each))) end
local wait = math.max(0, (taken + 1) * each - room, still - now)
due = due + taken * each
redis.call('HSET', KEYS[1], 'due', string.format('%.0f', due))
local later = math.max(due, still) - now + tonumber(ARGV[7])
redis.call('PEXPIRE', KEYS[1], string.format('%.0f', math.ceil(later / 1000) + tonumber(ARGV[8])))
return {taken, wait, still + tonumber(ARGV[7]) > now and still - now}
"""
)

KEEP_STILL = Script(
    """
-- until, broom
local still = math.max(tonumber(redis.call('HGET', KEYS[1], 'still') or 0), tonumber(ARGV[1]))
redis.call('HSET', KEYS[1], 'still', string.format('%.0f', still))
if redis.call('PTTL', KEYS[1]) < tonumber(ARGV[2]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
"""
)
