-- Asks each question of a file once: lines of a path, and a header's name and value, with tabs between them.
-- Each thread takes every second line after those that are to be skipped.
local threads = 0

function setup(thread)
  thread:set("number", threads)
  threads = threads + 1
end

function init(given)
  paths, shown = {}, {}
  local skipped, count = tonumber(given[2]), 0
  for line in io.lines(given[1]) do
    if count >= skipped and count % 2 == number then
      local path, name, value = line:match("^([^\t]*)\t([^\t]*)\t([^\t]*)$")
      paths[#paths + 1] = path
      shown[#shown + 1] = { [name] = value }
    end
    count = count + 1
  end
  at = 0
end

function request()
  at = at % #paths + 1
  return wrk.format("GET", paths[at], shown[at])
end
