-- Sends prepared requests in turn, so that the client costs as little as it can.

local prepared, many, turn = {}, 0, 0
sent = 0

function init(arguments)
   local file = assert(io.open(arguments[1], "rb"))
   for text in file:read("*a"):gmatch("[^%z]+") do
      many = many + 1
      prepared[many] = text
   end
   file:close()
end

function request()
   sent = sent + 1
   turn = turn == many and 1 or turn + 1
   return prepared[turn]
end

local threads = {}

function setup(thread)
   threads[#threads + 1] = thread
end

function done(summary)
   local began = 0
   for _, thread in ipairs(threads) do
      began = began + thread:get("sent")
   end
   local errors = summary.errors
   local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
   io.write(string.format("bench %d %d %d %d\n", summary.requests, summary.duration, failed, began))
end
