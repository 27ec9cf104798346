-- wrk script: unique submissions, BULK of them a request (0: one by one). TEXT_FIELD names the text's key.
local field = os.getenv("TEXT_FIELD") or "text"
local bulk = tonumber(os.getenv("BULK") or "0")
local key = os.getenv("API_KEY")
local texts = {
  "Does anyone know when the library opens on Sunday? The page still shows last year's hours.",
  "Thanks for the quick answer, the new part fits and the washing machine runs again.",
  "What a stupid idea, only an idiot would think that this works.",
  "Huge sale today only, claim your free voucher at http://shop.example.com/voucher now",
}
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init()
  math.randomseed(os.time() + number * 7919)
  prefix = string.format("%d-%d-%d", os.time(), number, math.random(1, 1000000000))
  count = 0
end

local function item()
  count = count + 1
  return string.format('{"external_id":"%s-%d","%s":"%s"}', prefix, count, field, texts[count % #texts + 1])
end

function request()
  local body
  if bulk == 0 then
    body = item()
  else
    local items = {}
    for i = 1, bulk do items[i] = item() end
    body = '{"items":[' .. table.concat(items, ",") .. "]}"
  end
  local headers = { ["Content-Type"] = "application/json" }
  if key then headers["Authorization"] = "Bearer " .. key end
  return wrk.format("POST", wrk.path, headers, body)
end
