# SPDX-License-Identifier: GPL-2.0-or-later
#
# results.awk - figures, "NAME VALUE UNIT" a line, to a document of tables, or
# with -v format=json to JSON; what the goals are is said here, in goals().
# Lines "# NAME TEXT" say what the circumstances were.

# mawk would write 2147483648 as 2.14748e+09.
BEGIN {
	CONVFMT = OFMT = "%.15g"
}
/^# / {
	name = $2
	text = $0
	sub(/^# [^ ]+ /, "", text)
	about[++abouts] = name
	text_of[name] = text
	next
}
NF == 3 {
	if (!($1 in value))
		figure[++figures] = $1
	value[$1] = $2
	unit[$1] = $3
}

# ---- values; "" is one that was not measured

function has(name) {
	return name in value
}

function get(name) {
	return has(name) ? value[name] + 0 : ""
}

function minus(a, b) {
	return has(a) && has(b) ? value[a] - value[b] : ""
}

function sum(a, b) {
	return has(a) && has(b) ? value[a] + value[b] : ""
}

function ratio(a, b) {
	return has(a) && has(b) && value[b] ? value[a] / value[b] : ""
}

# The most by which any other call differs with our probes, up or down, in %.
function others(   most, n, by) {
	most = ""
	for (n in value)
		if (n ~ /^kernel\.other\.with\./) {
			by = n
			sub(/\.with\./, ".without.", by)
			by = 100 * (value[n] - value[by]) / value[by]
			if (by < 0)
				by = -by
			if (most == "" || by > most)
				most = by
		}
	return most
}

# 12345.6 as 12,345.6
function pretty(number,   sign, whole, rest) {
	if (number == "")
		return "–"
	sign = number < 0 ? "−" : ""
	number = number < 0 ? -number : number
	if (number >= 100 || number == int(number))
		number = sprintf("%.0f", number)
	else
		number = sprintf("%.2f", number)
	match(number, /^[0-9]+/)
	rest = substr(number, RLENGTH + 1)
	number = substr(number, 1, RLENGTH)
	for (whole = ""; length(number) > 3; )  {
		whole = "," substr(number, length(number) - 2) whole
		number = substr(number, 1, length(number) - 3)
	}
	return sign number whole rest
}

function signed(number) {
	return (number != "" && number > 0 ? "+" : "") pretty(number)
}

function quoted(text) {
	gsub(/["\\]/, "\\\\&", text)
	return "\"" text "\""
}

# ---- goals

# goal TEXT, measured VALUE, "<=" or another RELATION, LIMIT
function goal(text, measured, relation, limit,   met) {
	if (measured == "")
		met = "not measured"
	else if (relation == "<=")
		met = measured <= limit
	else if (relation == "<")
		met = measured < limit
	else if (relation == ">=")
		met = measured >= limit
	else
		met = measured == limit
	if (met != "not measured")
		met = met ? "met" : "missed"
	goals_nr++
	goal_text[goals_nr] = text
	goal_value[goals_nr] = measured
	goal_limit[goals_nr] = relation " " limit
	goal_met[goals_nr] = met
}

function goals() {
	goal("a: two runs differ by, in %",
		get("kernel.difference"), "<", 1)
	goal("a: our probes add to an audited call of one vector, instructions",
		minus("kernel.audited.with.1", "kernel.audited.without.1"), "<=", 3000)
	goal("a: to one that no rule matches, instructions",
		minus("kernel.unaudited.with.1", "kernel.unaudited.without.1"), "<=", 1000)
	# nothing, as far as can be told
	goal("a: to any other system call, in % (the limit: by what two runs differ)",
		others(), "<=", get("kernel.difference"))
	goal("b: records a second of processor time, as multiple of Laurel's",
		ratio("stream.mixed.plugin.records", "stream.mixed.laurel.records"), ">=", 20)
	goal("b: processor time, none of the records ours, as multiple of grep -c's",
		ratio("stream.none.plugin.cpu", "stream.none.grep.cpu"), "<=", 2.5)
	goal("c: calls of one vector a second, parse to text",
		get("calls.0.1.rate"), ">=", 250000)
	goal("d: flood, folding: processor time of a call, as multiple of a plugin's that discards",
		ratio("all-in.flood.folding.sum", "all-in.flood.sink.sum"), "<=", 1.15)
	goal("d: the same, as multiple of Laurel's",
		ratio("all-in.flood.folding.sum", "all-in.flood.laurel.sum"), "<", 1)
	goal("d: where first something is lost: by the plugin, or on the way to it",
		sum("all-in.loss.folding.plugin", "all-in.loss.folding.auditd"), "==", 0)
	goal("resident memory at most, KiB",
		get("memory.most"), "<", 16384)
	goal("resident memory when idle, KiB",
		get("all-in.memory.folding.idle"), "<", 8192)
}

# The most of all that were measured of the plugin.
function memory(   n) {
	for (n in value)
		if ((n ~ /^all-in\.memory\.(un)?fold(ing|ed)\.most$/ ||
			n ~ /^stream\..*\.plugin\.memory$/) &&
			value[n] > value["memory.most"])
			value["memory.most"] = value[n]
	if (!value["memory.most"])
		delete value["memory.most"]
}

# ---- the document

function heading(text) {
	printf "\n## %s\n\n", text
}

# row CELL|CELL...
function row(cells) {
	gsub(/\|/, " | ", cells)
	print "| " cells " |"
}

function columns(cells) {
	row(cells)
	gsub(/[^|]+/, "---", cells)
	sub(/\|$/, "|---", cells)
	print "|" cells "|"
}

function print_goals(   i) {
	heading("Goals")
	columns("goal|limit|measured|verdict")
	for (i = 1; i <= goals_nr; i++)
		row(goal_text[i] "|" goal_limit[i] "|" pretty(goal_value[i]) "|" goal_met[i])
}

function vectors_row(text, name,   cells, i) {
	cells = text
	for (i = 1; i <= 4; i++)
		cells = cells "|" pretty(get(name "." vectors[i]))
	row(cells)
}

function added_row(text, setting,   cells, i) {
	cells = text
	for (i = 1; i <= 4; i++)
		cells = cells "|" signed(minus("kernel." setting ".with." vectors[i],
			"kernel." setting ".without." vectors[i]))
	row(cells)
}

function print_kernel(   i, call) {
	heading("a. In the kernel: instructions of one call")
	print text_of["kernel"]
	print ""
	columns("process_vm_readv, vectors|1|8|64|1024")
	vectors_row("bare: no rule, no probes", "kernel.bare.without")
	added_row("our probes add", "bare")
	vectors_row("rules, but none matches", "kernel.unaudited.without")
	added_row("our probes add", "unaudited")
	vectors_row("audited", "kernel.audited.without")
	added_row("our probes add", "audited")
	vectors_row("bare, bpftrace prints it: the caller", "kernel.bpftrace.caller")
	vectors_row("… and bpftrace", "kernel.bpftrace.all")
	vectors_row("bare, strace -f prints it: the caller", "kernel.strace.caller")
	vectors_row("… and strace", "kernel.strace.all")
	print ""
	columns("other calls, with rules of which none matches|without|our probes add")
	split("getppid readv recvmsg", call, " ")
	for (i = 1; i <= 3; i++)
		row(call[i] "|" pretty(get("kernel.other.without." call[i])) "|" \
			signed(minus("kernel.other.with." call[i],
				"kernel.other.without." call[i])))
}

function stream_row(text, input, program,   name) {
	name = "stream." input "." program
	row(text "|" pretty(get(name ".records")) "|" pretty(get(name ".rate")) "|" \
		pretty(get(name ".cpu")) "|" pretty(get(name ".memory")) "|" \
		pretty(ratio(name ".records", "stream." input ".laurel.records")) "|" \
		pretty(ratio("stream." input ".grep.records", name ".records")))
}

function print_stream(input, text) {
	print ""
	columns(text "|records/s|MB/s|CPU s|memory KiB|× Laurel's records/s|× CPU of grep -c")
	stream_row("grep -c", input, "grep")
	stream_row("audisp-pvm", input, "plugin")
	stream_row("Laurel", input, "laurel")
	stream_row("libauparse's feed", input, "reader")
}

function print_streams() {
	heading("b. A mixed stream, from standard input")
	print text_of["stream"]
	printf "It has %s records, %s of them of %s calls of ours.\n",
		pretty(get("stream.records")), pretty(get("stream.ours")),
		pretty(get("stream.calls"))
	print_stream("mixed", "with our calls")
	print_stream("none", "without them")
}

function call_row(text, fold, n,   name) {
	name = "calls." fold "." n
	row(text "|" n "|" pretty(get(name ".rate")) "|" pretty(get(name ".time")) "|" \
		pretty(get(name ".instructions")))
}

function print_calls(   n, i) {
	heading("c. Nothing but our calls: from both inputs to the text")
	print text_of["calls"]
	print ""
	columns("calls are|vectors|calls/s|ns a call|instructions a call")
	split("1 16 1024", n, " ")
	for (i = 1; i <= 3; i++)
		call_row("written one by one", 0, n[i])
	for (i = 1; i <= 3; i++)
		call_row("folded", 10, n[i])
}

function set_up_row(text, load, name,   at) {
	at = "all-in." load "." name
	row(text "|" pretty(get(at ".caller")) "|" pretty(get(at ".kauditd")) "|" \
		pretty(get(at ".auditd")) "|" pretty(get(at ".plugin")) "|" \
		pretty(get(at ".sum")) "|" \
		pretty(ratio(at ".sum", "all-in." load ".sink.sum")) "|" \
		pretty(get(at ".lost")))
}

function print_load(load, text) {
	print ""
	columns(text "|the caller|kauditd|auditd|plugin|sum without the caller|× one that discards|lost")
	set_up_row("audit alone", load, "alone")
	set_up_row("a plugin that discards", load, "sink")
	set_up_row("audisp-pvm, folding", load, "folding")
	set_up_row("audisp-pvm, one by one", load, "unfolded")
	set_up_row("Laurel", load, "laurel")
}

function loss_row(text, name,   at) {
	at = "all-in.loss." name
	row(text "|" pretty(get(at ".rate")) "|" pretty(get(at ".kernel")) "|" \
		pretty(get(at ".auditd")) "|" pretty(get(at ".plugin")))
}

function print_all_in() {
	heading("d. All in: instructions of every process for one audited call")
	print text_of["all-in"]
	print_load("paced", "200 calls a second")
	print_load("flood", "flood")
	print ""
	print text_of["loss"]
	print ""
	columns("set-up|calls/s at which something is lost|by the kernel|by auditd|by the plugin")
	loss_row("audit alone", "alone")
	loss_row("a plugin that discards", "sink")
	loss_row("audisp-pvm, folding", "folding")
	loss_row("audisp-pvm, one by one", "unfolded")
	loss_row("Laurel", "laurel")
}

function print_latency() {
	heading("e. From the call to the log")
	print text_of["latency"]
	print ""
	columns("microseconds from the call's start to|median|99th percentile")
	row("its return|" pretty(get("latency.return.50")) "|" \
		pretty(get("latency.return.99")))
	row("its SYSCALL record in the log|" pretty(get("latency.syscall.50")) "|" \
		pretty(get("latency.syscall.99")))
	row("its enriched record in the log|" pretty(get("latency.enriched.50")) "|" \
		pretty(get("latency.enriched.99")))
}

function print_memory() {
	heading("Memory of the plugin")
	columns("resident, KiB|idle|at most")
	row("mixed stream||" pretty(get("stream.mixed.plugin.memory")))
	row("flood, folding|" pretty(get("all-in.memory.folding.idle")) "|" \
		pretty(get("all-in.memory.folding.most")))
	row("flood, one by one|" pretty(get("all-in.memory.unfolded.idle")) "|" \
		pretty(get("all-in.memory.unfolded.most")))
}

function print_document(   i) {
	print "# What it costs"
	print ""
	print "Written by `make bench`; tests/bench/README says how, and what the"
	print "words mean. The profile of where the time goes is tests/bench/PROFILE.md."
	print ""
	columns("this run|")
	for (i = 1; i <= abouts; i++)
		if (about[i] ~ /^about\./)
			row(substr(about[i], 7) "|" text_of[about[i]])
	print_goals()
	print_kernel()
	print_streams()
	print_calls()
	print_all_in()
	print_latency()
	print_memory()
}

# ---- JSON

function print_json(   i) {
	print "{"
	for (i = 1; i <= abouts; i++)
		if (about[i] ~ /^about\./)
			printf "  %s: %s,\n", quoted(substr(about[i], 7)),
				quoted(text_of[about[i]])
	print "  \"goals\": ["
	for (i = 1; i <= goals_nr; i++)
		printf "    {\"goal\": %s, \"limit\": %s, \"measured\": %s, \"verdict\": %s}%s\n",
			quoted(goal_text[i]), quoted(goal_limit[i]),
			goal_value[i] == "" ? "null" : goal_value[i],
			quoted(goal_met[i]), i < goals_nr ? "," : ""
	print "  ],\n  \"figures\": {"
	for (i = 1; i <= figures; i++)
		printf "    %s: {\"value\": %s, \"unit\": %s}%s\n",
			quoted(figure[i]), value[figure[i]],
			quoted(unit[figure[i]]), i < figures ? "," : ""
	print "  }\n}"
}

END {
	split("1 8 64 1024", vectors, " ")
	memory()
	goals()
	if (format == "json")
		print_json()
	else
		print_document()
}
