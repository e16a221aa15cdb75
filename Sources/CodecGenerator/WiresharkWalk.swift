/// The part of the dissector that no schema changes: framing, reassembly, and the walk over block,
/// groups and texts by the tables that stand before it.
enum WiresharkWalk {
  static let text = #"""

    local HEADERS, LONGEST, ENCODING = 14, 16384, 0xEB50
    local sluice = Proto("sluice", "Sluice")
    local registered = {}

    local function add_field(field)
      registered[#registered + 1] = field
      return field
    end

    local frame_fields = {
      length = add_field(ProtoField.uint32("sluice.length", "Length")),
      encoding = add_field(ProtoField.uint16("sluice.encoding", "Encoding", base.HEX)),
      block = add_field(ProtoField.uint16("sluice.block", "Block length")),
      template = add_field(ProtoField.uint16("sluice.template", "Template")),
      schema = add_field(ProtoField.uint16("sluice.schema", "Schema")),
      version = add_field(ProtoField.uint16("sluice.version", "Version")),
      message = add_field(ProtoField.string("sluice.message", "Message")),
    }

    local malformed = ProtoExpert.new(
      "sluice.malformed", "Not as the protocol says", expert.group.MALFORMED, expert.severity.ERROR)
    local unknown = ProtoExpert.new(
      "sluice.unknown", "Unknown schema or template", expert.group.UNDECODED, expert.severity.WARN)
    sluice.experts = { malformed, unknown }

    local makers = {
      text = ProtoField.string, time = ProtoField.absolute_time, decimal = ProtoField.int64,
      uint8 = ProtoField.uint8, int8 = ProtoField.int8, uint16 = ProtoField.uint16,
      int16 = ProtoField.int16, uint32 = ProtoField.uint32, int32 = ProtoField.int32,
      uint64 = ProtoField.uint64, int64 = ProtoField.int64,
    }

    -- One filter name for a field of the same name and type in every message of a schema.
    local function make_field(schema, name, type_name)
      local type = schema.types[type_name]
      if type.kind == "composite" then
        for _, member in ipairs(type.members) do
          make_field(schema, name .. "." .. member[1], member[2])
        end
        return
      end
      local taken = schema.typeOf[name]
      if taken == type_name then return end
      local key = name .. "/" .. type_name
      if schema.fields[key] then return end
      local filter = "sluice." .. schema.name .. "." .. name
      if taken then filter = filter .. "." .. type_name else schema.typeOf[name] = type_name end
      local field
      if type.kind == "enum" then
        field = ProtoField.uint8(filter, name, base.DEC, type.values)
      elseif type.kind == "set" then
        field = ProtoField.uint8(filter, name, base.HEX)
      elseif type.kind == "time" then
        field = ProtoField.absolute_time(filter, name, base.UTC)
      else
        field = makers[type.kind](filter, name)
      end
      schema.fields[key] = add_field(field)
    end

    for _, schema in pairs(schemas) do
      schema.fields, schema.typeOf, schema.texts, schema.byID = {}, {}, {}, {}
      for _, message in ipairs(schema.messages) do
        schema.byID[message.id] = message
        for _, field in ipairs(message.fields) do make_field(schema, field[1], field[2]) end
        for _, group in ipairs(message.groups) do
          for _, field in ipairs(group.fields) do make_field(schema, field[1], field[2]) end
        end
        for _, text in ipairs(message.texts) do
          if not schema.texts[text.name] and not text.isSecret then
            local filter = "sluice." .. schema.name .. "." .. text.name
            schema.texts[text.name] = add_field(ProtoField.string(filter, text.name, base.UNICODE))
          end
        end
      end
    end
    sluice.fields = registered

    -- Units of 0.0001 as a decimal number.
    local function decimal(units)
      local sign, digits = tostring(units):match("^(-?)(%d+)$")
      digits = string.rep("0", 5 - #digits) .. digits
      return sign .. digits:sub(1, -5) .. "." .. digits:sub(-4)
    end

    local function flag_names(values, bits)
      local names = {}
      for bit = 0, 7 do
        if bits % 2 == 1 then names[#names + 1] = values[bit] or ("bit " .. bit) end
        bits = math.floor(bits / 2)
      end
      return #names == 0 and "none" or table.concat(names, ", ")
    end

    local NULL64 = "-9223372036854775808"

    local function add_value(tree, schema, name, type_name, range)
      local type = schema.types[type_name]
      local field = schema.fields[name .. "/" .. type_name]
      if type.kind == "text" then
        tree:add(field, range, (range:string(ENC_UTF_8):match("^[^\0]*")))
      elseif type.kind == "time" then
        local time = range:le_int64()
        if tostring(time) == NULL64 then
          tree:add(range, name .. ": none")
        else
          local seconds = time / Int64.new(1000000000)
          local rest = time - seconds * Int64.new(1000000000)
          tree:add(field, range, NSTime.new(seconds:tonumber(), rest:tonumber()))
        end
      elseif type.kind == "decimal" then
        local units = range:le_int64()
        local item = tree:add_le(field, range)
        item:append_text(tostring(units) == NULL64 and " (none)" or " (" .. decimal(units) .. ")")
      elseif type.kind == "set" then
        tree:add_le(field, range):append_text(" (" .. flag_names(type.values, range:uint()) .. ")")
      elseif type.kind == "enum" then
        tree:add_le(field, range)
      else
        local item = tree:add_le(field, range)
        local value = range:len() == 8 and tostring(
          type.kind == "uint64" and range:le_uint64() or range:le_int64())
          or tostring(type.kind:sub(1, 1) == "u" and range:le_uint() or range:le_int())
        if value == type.null then item:append_text(" (none)") end
      end
    end

    -- The fields that lie wholly inside a block or entry; an older sender has fewer.
    local function add_fields(tree, schema, fields, block)
      for _, field in ipairs(fields) do
        local name, type_name, offset = field[1], field[2], field[3]
        local type = schema.types[type_name]
        if type.kind == "composite" then
          if offset < block:len() then
            local shown = math.min(type.size, block:len() - offset)
            local branch = tree:add(block:range(offset, shown), name)
            local members = {}
            for index, member in ipairs(type.members) do
              members[index] = { name .. "." .. member[1], member[2], offset + member[3] }
            end
            add_fields(branch, schema, members, block)
          end
        elseif offset + type.size <= block:len() then
          add_value(tree, schema, name, type_name, block:range(offset, type.size))
        end
      end
    end

    local function add_group(tree, schema, group, body, at)
      if at + 4 > body:len() then return nil end
      local length, count = body:range(at, 2):le_uint(), body:range(at + 2, 2):le_uint()
      local size = 4 + length * count
      if count > group.maximum or (count > 0 and length == 0) or at + size > body:len() then
        return nil
      end
      local branch = tree:add(body:range(at, size), group.name .. ": " .. count .. " entries")
      for index = 0, count - 1 do
        local entry = body:range(at + 4 + index * length, length)
        add_fields(branch:add(entry, "Entry " .. index + 1), schema, group.fields, entry)
      end
      return at + size
    end

    local function add_text(tree, schema, text, body, at)
      if at + 2 > body:len() then return nil end
      local length = body:range(at, 2):le_uint()
      if at + 2 + length > body:len() then return nil end
      if text.isSecret then
        tree:add(body:range(at, 2), text.name .. ": " .. length .. " bytes, not shown")
      elseif length == 0 then
        tree:add(body:range(at, 2), text.name .. ": none")
      else
        local range = body:range(at + 2, length)
        tree:add(schema.texts[text.name], range, range:string(ENC_UTF_8))
      end
      return at + 2 + length
    end

    local function add_body(tree, schema, message, body, block_length)
      if block_length > 0 then
        add_fields(tree, schema, message.fields, body:range(0, block_length))
      end
      local at = block_length
      for _, group in ipairs(message.groups) do
        at = at and add_group(tree, schema, group, body, at)
      end
      for _, text in ipairs(message.texts) do
        at = at and add_text(tree, schema, text, body, at)
      end
      if not at then tree:add_proto_expert_info(malformed, "A group or text does not fit") end
    end

    local function frame_length(buffer, offset)
      local length = buffer:range(offset, 4):uint()
      -- Nothing behind such a length can be found again.
      if length < HEADERS or length > LONGEST then return buffer:len() - offset end
      return length
    end

    local function dissect_frame(buffer, packet, root)
      packet.cols.protocol = "Sluice"
      local tree = root:add(sluice, buffer:range())
      local length = buffer:len() >= HEADERS and buffer:range(0, 4):uint() or 0
      if length ~= buffer:len() or buffer:range(4, 2):uint() ~= ENCODING then
        tree:add_proto_expert_info(malformed, "No frame")
        packet.cols.info:append(" (no frame)")
        return buffer:len()
      end
      tree:add(frame_fields.length, buffer:range(0, 4))
      tree:add(frame_fields.encoding, buffer:range(4, 2))
      tree:add_le(frame_fields.block, buffer:range(6, 2))
      tree:add_le(frame_fields.template, buffer:range(8, 2))
      tree:add_le(frame_fields.schema, buffer:range(10, 2))
      tree:add_le(frame_fields.version, buffer:range(12, 2))
      local schema = schemas[buffer:range(10, 2):le_uint()]
      local template = buffer:range(8, 2):le_uint()
      local message = schema and schema.byID[template]
      local name = message and message.name or ("template " .. template)
      tree:append_text(", " .. name)
      tree:add(frame_fields.message, buffer:range(8, 2), name):set_generated()
      packet.cols.info:append(" " .. name)
      local block_length = buffer:range(6, 2):le_uint()
      if not message then
        tree:add_proto_expert_info(unknown)
      elseif block_length > buffer:len() - HEADERS then
        tree:add_proto_expert_info(malformed, "The block does not fit its frame")
      elseif buffer:len() > HEADERS then
        add_body(tree, schema, message, buffer:range(HEADERS), block_length)
      end
      return buffer:len()
    end

    function sluice.dissector(buffer, packet, root)
      packet.cols.info = ""
      dissect_tcp_pdus(
        buffer, root, 6, function(bytes, _, offset) return frame_length(bytes, offset) end,
        dissect_frame)
      return buffer:len()
    end

    -- Any port: a frame says by its first bytes what it is.
    sluice:register_heuristic("tcp", function(buffer, packet, root)
      if buffer:len() < HEADERS then return false end
      local length = buffer:range(0, 4):uint()
      if length < HEADERS or length > LONGEST or buffer:range(4, 2):uint() ~= ENCODING
        or not schemas[buffer:range(10, 2):le_uint()] then
        return false
      end
      packet.conversation = sluice
      sluice.dissector(buffer, packet, root)
      return true
    end)
    DissectorTable.get("tcp.port"):add_for_decode_as(sluice)

    """#
}
