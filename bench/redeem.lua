-- Distinct tickets, one after the other; ends when the last one was sent.
local tickets, sent, main = {}, 0, nil
local method, path = os.getenv("BENCH_METHOD"), os.getenv("BENCH_PATH")
local cookie, form = os.getenv("BENCH_COOKIE"), os.getenv("BENCH_FORM")
local token, run = os.getenv("BENCH_TOKEN"), tonumber(os.getenv("BENCH_RUN"))

function setup(thread) main = thread end

function init()
  for line in io.lines(os.getenv("BENCH_TICKETS")) do tickets[#tickets + 1] = line end
end

function request()
  if method == "GET" then
    return wrk.format("GET", path, cookie and {["Cookie"] = cookie, ["Accept-Encoding"] = "gzip"})
  end
  sent = sent + 1
  if sent > #tickets then
    wrk.thread:stop()
    sent = #tickets
  end
  if form then
    return wrk.format("POST", path,
      {["Content-Type"] = "application/x-www-form-urlencoded", ["Cookie"] = cookie and cookie .. tickets[sent]},
      form .. "=" .. tickets[sent])
  end
  local body = string.format(
    '{"secret":"%s","nonce":"%08x-0000-4000-8000-%012x","lists":[],"type":"entry"}', tickets[sent], run, sent)
  return wrk.format("POST", path,
    {["Content-Type"] = "application/json", ["Authorization"] = "Device " .. token}, body)
end

function done(summary, latency)
  io.write(string.format("RESULT %d %d %.3f %.3f %.3f %d\n", summary.requests, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(99) / 1000, latency.max / 1000,
    summary.errors.status + summary.errors.connect + summary.errors.timeout))
end
