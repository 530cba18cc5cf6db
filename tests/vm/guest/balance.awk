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
# their serials. Of the end of a boot that nobody saw all serials are declared.
#
# A log may go over several boots, in each of which the serials begin anew: an
# event is known by its boot and its serial, and its boot by its time.
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

# mawk would write 2147483648 as 2.14748e+09, also as an array's index.
BEGIN {
	CONVFMT = OFMT = "%.15g"
	boot = 0
}

# The boot in which the event of this time happened.
function boot_of(time, b) {
	for (b = boot; b > 0 && time < boot_time[b]; b--)
		;
	return b
}

# Ahead of all serials of the boot in which the event @id happened.
function base_of(id) {
	return boot_of(time_of(id)) * 2 ^ 33
}

# With its boot
function serial_of(id, base) {
	base = base_of(id)
	sub(/.*:/, "", id)
	return base + id
}

# Milliseconds, to compare times.
function time_of(id) {
	sub(/:.*/, "", id)
	return id * 1000
}

# As the log has it, and of which boot where that is not the first.
function shown(serial) {
	if (serial < 2 ^ 33)
		return serial
	return serial % 2 ^ 33 " of boot " int(serial / 2 ^ 33) + 1
}

function take(serial, how) {
	if (serial in taken)
		complain(shown(serial) " is " how ", and was " taken[serial])
	taken[serial] = how
	sum[how]++
}

function complain(what) {
	if (++faults <= 20)
		print "balance: " what
}

# FIRST, FIRST-LAST or FIRST-LAST/STEP
function take_serials(list, base, n, i, ends, part, step) {
	n = split(list, part, ",")
	for (i = 1; i <= n; i++) {
		step = split(part[i], ends, "/") == 1 ? 1 : ends[2] + 0
		if (split(ends[1], ends, "-") == 1)
			ends[2] = ends[1]
		for (; ends[1] + 0 <= ends[2] + 0; ends[1] += step) {
			take(base + ends[1], "folded")
			in_fold++
		}
	}
}

function take_fold() {
	in_fold = 0
	take_serials(field("serials"), base_of(field("first")))
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
		# which may have no time of its own
		last[losses] = field("last")
		sub(/.*:/, "", last[losses])
		last[losses] += base_of(field("first"))
	} else {
		last[losses] = 2 ^ 53 # taken only if no other is left
		from[losses] = time_of(field("from")) - 1
		to[losses] = time_of(field("to")) + 1
	}
	why[losses] = field("why")
}

/type=DAEMON_START / {
	begun = 1
}

# The first events that auditd is given are from before its start: those of another
# boot are younger than all before, those that the kernel has held back are not.
function see(time, serial) {
	if (time < newest)
		return
	newest = time
	if (serial >= top / 2) {
		begun = 0
	} else if (begun) {
		boot_time[++boot] = time - 1000
		top = begun = 0
	}
	if (serial > top)
		top = serial
}

match($0, /audit\([0-9.:]*\)/) && !/type=DAEMON_/ {
	id = substr($0, RSTART + 6, RLENGTH - 7)
	serial = id
	sub(/.*:/, "", serial)
	serial += 0
	see(time_of(id), serial)
	there[serial_of(id)]
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
	} else if (op == "pvm-start" && !started[boot]) {
		match($0, /audit\([0-9.:]*\)/)
		started[boot] = serial_of(substr($0, RSTART + 6, RLENGTH - 7))
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

# In no record
function take_audited(serial, b) {
	if (!(serial in audited) || serial in taken)
		return
	if (serial < started[b])
		sum["before"]++
	else if (is_lost(serial))
		sum["lost"]++
	else
		complain(shown(serial) " is audited and in no book")
}

END {
	for (serial in audited) {
		b = int(serial / 2 ^ 33)
		if (!lowest[b] || serial + 0 < lowest[b])
			lowest[b] = serial + 0
		if (serial + 0 > highest[b])
			highest[b] = serial + 0
	}
	for (b = 0; b <= boot; b++)
		for (serial = lowest[b]; lowest[b] && serial <= highest[b]; serial++)
			take_audited(serial, b)
	for (serial in taken)
		if (!(serial in audited)) {
			sum["unaudited"]++
			sum[taken[serial]]--
		}
	printf "audited %.0f = enriched %.0f + folded %.0f + lost %.0f", sum["audited"] - \
		sum["before"], sum["enriched"], sum["folded"], sum["lost"]
	printf " (declared at most %.0f; before the start %.0f; no SYSCALL record %.0f)\n", \
		declared, sum["before"], sum["unaudited"]
	for (i = 1; i <= losses; i++)
		if (first[i] && why[i] != "reboot")
			take_gone(i)
	over = ""
	for (w in said) {
		printf "%s: %.0f lost, %.0f gone, %.0f declared\n", w, used[w], gone[w], said[w]
		more = said[w] - used[w] - gone[w]
		if (w == "backlog" || w == "reboot" || !more)
			continue
		over = over " " w " " more
		sum["over"] += more
	}
	printf "over %.0f%s\n", sum["over"], over
	if (faults)
		printf "balance: %.0f faults\n", faults
	exit faults > 0
}
