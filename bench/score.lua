-- wrk script: texts to score, from the file TEXTS (one a line); ARRAY of them a request (0: a single one).
local array = tonumber(os.getenv("ARRAY") or "0")
local key = os.getenv("API_KEY")
local texts = {}
for line in io.lines(os.getenv("TEXTS")) do texts[#texts + 1] = line end
local thread_number = 0

function setup(thread)
  thread:set("number", thread_number)
  thread_number = thread_number + 1
end

function init()
  count = number * 5
end

local function text()
  count = count + 1
  return '"' .. texts[count % #texts + 1] .. '"'
end

function request()
  local input
  if array == 0 then
    input = text()
  else
    local several = {}
    for i = 1, array do several[i] = text() end
    input = "[" .. table.concat(several, ",") .. "]"
  end
  local headers = { ["Content-Type"] = "application/json", ["Authorization"] = "Bearer " .. key }
  return wrk.format("POST", wrk.path, headers, '{"input":' .. input .. "}")
end
