# SPDX-License-Identifier: GPL-2.0-or-later
#
# balance.awk - does every audited call stand in the books, once?
#
#   audited = enriched + folded + lost
#
# Reads audit logs, oldest first, and goes by the events' serials alone: those
# of the SYSCALL records of the two calls; event= and serials= of the enriched
# records; and the spans of pvm-lost, of whose events at most count are lost.
# Prints the sums, and what does not fit; exits 1 if anything does not.
#
# A loss that is declared need not be one. Events of which the log has nothing
# were lost, whatever they were: they are printed as "gone". How many more were
# declared than calls are lost and events gone is printed as "over", in all and
# for each reason. Of the backlog's nothing is known: it drops calls ahead of
# their serials.
#
# Portable awk: mawk has no gensub() and the like.

# field(NAME): the value of NAME= in the message of this line, "" without.
function field(name, at, value) {
	at = index(text, " " name "=")
	if (!at)
		return ""
	value = substr(text, at + length(name) + 2)
	sub(/[ '].*/, "", value)
	return value
}

function serial_of(id) {
	sub(/.*:/, "", id)
	return id + 0
}

# Milliseconds, to compare times.
function time_of(id) {
	sub(/:.*/, "", id)
	return id * 1000
}

function take(serial, how) {
	if (serial in taken)
		complain(serial " is " how ", and was " taken[serial])
	taken[serial] = how
	sum[how]++
}

function complain(what) {
	if (++faults <= 20)
		print "balance: " what
}

# FIRST, FIRST-LAST or FIRST-LAST/STEP
function take_serials(list, n, i, ends, part, step) {
	n = split(list, part, ",")
	for (i = 1; i <= n; i++) {
		step = split(part[i], ends, "/") == 1 ? 1 : ends[2] + 0
		if (split(ends[1], ends, "-") == 1)
			ends[2] = ends[1]
		for (; ends[1] + 0 <= ends[2] + 0; ends[1] += step) {
			take(ends[1] + 0, "folded")
			in_fold++
		}
	}
}

function take_fold() {
	in_fold = 0
	take_serials(field("serials"))
	if (in_fold != field("count") + 0)
		complain("a fold of " field("count") " has " in_fold " serials")
}

# A call in parts counts with its last one.
function take_call(id, part) {
	if (split(field("part"), part, "/") == 2 && part[1] != part[2])
		return
	take(serial_of(id), "enriched")
}

# One of which the plugin does not know whether it has reached the log is
# declared again, in the same words.
function take_loss() {
	if (text in words)
		return
	words[text]
	losses++
	count[losses] = field("count") + 0
	declared += count[losses]
	said[field("why")] += count[losses]
	first[losses] = last[losses] = 0
	if (field("first") != "") {
		first[losses] = serial_of(field("first"))
		last[losses] = serial_of(field("last"))
	} else {
		last[losses] = 2 ^ 32 # taken only if no other is left
		from[losses] = time_of(field("from")) - 1
		to[losses] = time_of(field("to")) + 1
	}
	why[losses] = field("why")
}

match($0, /audit\([0-9.:]*\)/) && !/type=DAEMON_/ {
	there[serial_of(substr($0, RSTART + 6, RLENGTH - 7))]
}

/type=SYSCALL msg=audit\(.*(arch=c000003e syscall=31[01]|arch=40000003 syscall=34[78]) / {
	match($0, /audit\([0-9.:]*\)/)
	id = substr($0, RSTART + 6, RLENGTH - 7)
	serial = serial_of(id)
	if (!(serial in audited)) {
		audited[serial] = time_of(id)
		sum["audited"]++
	}
}

/ exe="[^"]*audisp-pvm" .* res=/ && / msg='op=/ {
	text = substr($0, index($0, " msg='") + 5)
	text = " " substr(text, 2)
	op = field("op")
	if (op ~ /^process_vm_/) {
		if (field("event") != "")
			take_call(field("event"))
		else
			take_fold()
	} else if (op == "pvm-lost") {
		take_loss()
	} else if (op == "pvm-start" && !started) {
		match($0, /audit\([0-9.:]*\)/)
		started = serial_of(substr($0, RSTART + 6, RLENGTH - 7))
	}
}

# covers(I, SERIAL): the event may be one of those that loss I is about
function covers(i, serial) {
	if (!count[i])
		return 0
	if (first[i])
		return serial >= first[i] && serial <= last[i]
	return audited[serial] >= from[i] && audited[serial] <= to[i]
}

# is_lost(SERIAL): a loss covers it and is not used up. Asked in the order of
# the serials, and taking the loss that ends first, this finds a way for all
# if there is one.
function is_lost(serial, i, best) {
	best = 0
	for (i = 1; i <= losses; i++)
		if (covers(i, serial) && (!best || last[i] < last[best]))
			best = i
	if (!best)
		return 0
	count[best]--
	used[why[best]]++
	return 1
}

# Use up what is left of loss I with events of which nothing is there.
function take_gone(i, serial) {
	for (serial = first[i]; serial <= last[i] && count[i]; serial++)
		if (!(serial in there)) {
			there[serial]
			gone[why[i]]++
			count[i]--
		}
}

END {
	for (serial in audited) {
		if (!lowest || serial + 0 < lowest)
			lowest = serial + 0
		if (serial + 0 > highest)
			highest = serial + 0
	}
	for (serial = lowest; serial <= highest; serial++) {
		if (!(serial in audited) || serial in taken)
			continue
		if (serial < started)
			sum["before"]++
		else if (is_lost(serial))
			sum["lost"]++
		else
			complain(serial " is audited and in no book")
	}
	for (serial in taken)
		if (!(serial in audited)) {
			sum["unaudited"]++
			sum[taken[serial]]--
		}
	printf "audited %d = enriched %d + folded %d + lost %d", sum["audited"] - \
		sum["before"], sum["enriched"], sum["folded"], sum["lost"]
	printf " (declared at most %d; before the start %d; no SYSCALL record %d)\n", \
		declared, sum["before"], sum["unaudited"]
	for (i = 1; i <= losses; i++)
		if (first[i])
			take_gone(i)
	over = ""
	for (w in said) {
		printf "%s: %d lost, %d gone, %d declared\n", w, used[w], gone[w], said[w]
		more = said[w] - used[w] - gone[w]
		if (w == "backlog" || !more)
			continue
		over = over " " w " " more
		sum["over"] += more
	}
	printf "over %d%s\n", sum["over"], over
	if (faults)
		printf "balance: %d faults\n", faults
	exit faults > 0
}
