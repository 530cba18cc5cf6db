// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Writing and reading the lines of an account, see account.h.
 */
#include "account.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

static const char *const field_names[ACCT_FIELDS] = {
	[ACCT_CALL] = "call",
	[ACCT_OP] = "op",
	[ACCT_UID] = "uid",
	[ACCT_SPID] = "spid",
	[ACCT_STID] = "stid",
	[ACCT_A1] = "a1",
	[ACCT_A3] = "a3",
	[ACCT_KIND] = "kind",
	[ACCT_APID] = "apid",
	[ACCT_TARGET_TGID] = "target_tgid",
	[ACCT_TARGET_TID] = "target_tid",
	[ACCT_EXIT] = "exit",
	[ACCT_RIOVCNT] = "riovcnt",
	[ACCT_RLEN] = "rlen",
	[ACCT_RIOV] = "riov",
	[ACCT_LIOVCNT] = "liovcnt",
	[ACCT_LLEN] = "llen",
	[ACCT_LIOV] = "liov",
	[ACCT_VMFLAGS] = "vmflags",
	[ACCT_COPIED] = "copied",
	[ACCT_EXPECT] = "expect",
	[ACCT_ABI] = "abi",
	[ACCT_SDEV] = "sdev",
	[ACCT_SINO] = "sino",
	[ACCT_OCOMM] = "ocomm",
	[ACCT_OUID] = "ouid",
	[ACCT_OAUID] = "oauid",
	[ACCT_OSES] = "oses",
	[ACCT_OSTART] = "ostart",
	[ACCT_OEXE] = "oexe",
	[ACCT_ODELETED] = "odeleted",
	[ACCT_ODEV] = "odev",
	[ACCT_OINO] = "oino",
	[ACCT_REL] = "rel",
	[ACCT_CUT] = "cut",
};

const char *account_name(enum account_field field)
{
	return field_names[field];
}

static void put_text(FILE *to, enum account_field field, const char *value)
{
	fprintf(to, "%s%s=%s", field ? " " : "", field_names[field], value);
}

static void put_number(FILE *to, enum account_field field, long value)
{
	fprintf(to, "%s%s=%ld", field ? " " : "", field_names[field], value);
}

static void put_size(FILE *to, enum account_field field, unsigned long value)
{
	fprintf(to, "%s%s=%lu", field ? " " : "", field_names[field], value);
}

static void put_address(FILE *to, enum account_field field, const void *value)
{
	fprintf(to, " %s=0x%lx", field_names[field],
		(unsigned long)(uintptr_t)value);
}

static void put_target(FILE *to, enum account_field field, pid_t id)
{
	if (id)
		put_number(to, field, id);
	else
		put_text(to, field, "-");
}

/* As the kernel and libaudit write a string that comes from outside */
static void put_string(FILE *to, enum account_field field, const char *value)
{
	bool plain = true;

	for (const char *c = value; *c; c++)
		plain = plain && *c > ' ' && *c <= '~' && *c != '"';
	put_text(to, field, plain ? "\"" : "");
	for (const char *c = value; *c; c++)
		fprintf(to, plain ? "%c" : "%02X", (unsigned char)*c);
	fputs(plain ? "\"" : "", to);
}

/* No number when 64 bits do not hold it */
static void put_total(FILE *to, enum account_field field,
		      const struct iovec *iov, unsigned long count)
{
	unsigned long bytes = 0;

	for (unsigned long i = 0; i < count; i++) {
		if (__builtin_add_overflow(bytes, iov[i].iov_len, &bytes)) {
			put_text(to, field, "-");
			return;
		}
	}
	put_size(to, field, bytes);
}

static void put_list(FILE *to, enum account_field field,
		     const struct iovec *iov, unsigned long count)
{
	put_text(to, field, count ? "" : "-");
	for (unsigned long i = 0; i < count; i++)
		fprintf(to, "%s0x%lx:%zu", i ? "," : "",
			(unsigned long)(uintptr_t)iov[i].iov_base,
			iov[i].iov_len);
}

/* count, length and list stand side by side in both threes */
static void put_vectors(FILE *to, enum account_field first, bool copied,
			const struct iovec *iov, unsigned long count)
{
	if (copied) {
		put_total(to, first + 1, iov, count);
		put_list(to, first + 2, iov, count);
	} else {
		put_text(to, first + 1, "-");
		put_text(to, first + 2, "-");
	}
}

static void put_remote(FILE *to, const struct account_call *call)
{
	put_size(to, ACCT_RIOVCNT, call->riovcnt);
	if (call->used_riov)
		put_vectors(to, ACCT_RIOVCNT, call->copied, call->used_riov,
			    call->used_riovcnt);
	else
		put_vectors(to, ACCT_RIOVCNT, call->copied, call->riov,
			    call->riovcnt);
}

static void put_local(FILE *to, const struct account_call *call)
{
	put_size(to, ACCT_LIOVCNT, call->liovcnt);
	if (call->used_liov)
		put_vectors(to, ACCT_LIOVCNT, call->copied, call->used_liov,
			    call->used_liovcnt);
	else
		put_vectors(to, ACCT_LIOVCNT, call->copied, call->liov,
			    call->liovcnt);
}

/* Device and inode, which stand side by side in both pairs */
static void put_file(FILE *to, enum account_field device,
		     const struct account_file *file)
{
	if (!file->told)
		return;
	if (!file->there) {
		put_text(to, device, "-");
		put_text(to, device + 1, "-");
		return;
	}
	fprintf(to, " %s=%02x:%02x", field_names[device], major(file->device),
		minor(file->device));
	put_size(to, device + 1, file->inode);
}

/* Whom the kernel did not find has no identity in the record either. */
static void put_nobody(FILE *to)
{
	for (int field = ACCT_OCOMM; field <= ACCT_CUT; field++)
		put_text(to, field, "-");
}

static void put_identity(FILE *to, const struct account_call *call)
{
	const struct account_target *target = call->target;

	put_string(to, ACCT_OCOMM, target->comm);
	put_size(to, ACCT_OUID, target->uid);
	put_size(to, ACCT_OAUID, target->auid);
	put_size(to, ACCT_OSES, target->ses);
	put_size(to, ACCT_OSTART, target->start);
	if (target->exe)
		put_string(to, ACCT_OEXE, target->exe);
	else
		put_text(to, ACCT_OEXE, "-");
	put_text(to, ACCT_ODELETED, target->deleted ? "1" : "-");
	put_file(to, ACCT_ODEV, &call->target_file);
	put_text(to, ACCT_REL, target->rel);
	put_text(to, ACCT_CUT, target->cut ? "oexe" : "-");
}

int account_stat(struct account_file *file, pid_t tgid, pid_t tid)
{
	char path[64];
	struct stat is;

	snprintf(path, sizeof(path), "/proc/%d/task/%d/exe", (int)tgid,
		 (int)tid);
	memset(file, 0, sizeof(*file));
	file->told = true;
	if (stat(path, &is))
		return errno == ENOENT ? 0 : -1;
	file->there = true;
	file->device = is.st_dev;
	file->inode = is.st_ino;
	return 0;
}

int account_write(FILE *to, const struct account_call *call)
{
	put_size(to, ACCT_CALL, call->number);
	put_text(to, ACCT_OP, call->op);
	put_size(to, ACCT_UID, call->uid);
	put_number(to, ACCT_SPID, call->spid);
	put_number(to, ACCT_STID, call->stid);
	put_address(to, ACCT_A1, call->liov);
	put_address(to, ACCT_A3, call->riov);
	put_text(to, ACCT_KIND, call->kind);
	put_number(to, ACCT_APID, call->apid);
	put_target(to, ACCT_TARGET_TGID, call->target_tgid);
	put_target(to, ACCT_TARGET_TID, call->target_tid);
	put_number(to, ACCT_EXIT, call->exit);
	put_remote(to, call);
	put_local(to, call);
	put_size(to, ACCT_VMFLAGS, call->vmflags);
	put_text(to, ACCT_COPIED, call->copied ? "yes" : "no");
	if (call->expect)
		put_number(to, ACCT_EXPECT, *call->expect);
	if (call->abi)
		put_text(to, ACCT_ABI, call->abi);
	put_file(to, ACCT_SDEV, &call->caller_file);
	if (!call->target_tgid)
		put_nobody(to);
	else if (call->target)
		put_identity(to, call);
	else
		put_file(to, ACCT_ODEV, &call->target_file);
	fputc('\n', to);
	return ferror(to) ? -1 : 0;
}

/* Where a field's value starts in a word of a line, or NULL */
static const char *value_of(const char *word, enum account_field field)
{
	size_t len = strlen(field_names[field]);

	if (strncmp(word, field_names[field], len) || word[len] != '=' ||
	    !word[len + 1])
		return NULL;
	return word + len + 1;
}

/* The fields stand in a fixed order; anything else is a broken account. */
static int split(struct account_line *line)
{
	char *rest = line->text;
	char *word = strsep(&rest, " ");

	for (int i = 0; i < ACCT_FIELDS; i++) {
		const char *value = word ? value_of(word, i) : NULL;

		line->value[i] = value;
		if (value)
			word = strsep(&rest, " ");
		else if (i < ACCT_REQUIRED)
			return -1;
	}
	return word ? -1 : 1;
}

int account_read(FILE *from, struct account_line *line)
{
	size_t size = 0;
	ssize_t len;
	int rc = 0;

	memset(line, 0, sizeof(*line));
	len = getline(&line->text, &size, from);
	if (len > 0) {
		/* a line without its newline has been cut off */
		rc = line->text[len - 1] == '\n' ? 1 : -1;
		line->text[len - 1] = '\0';
	}
	if (rc > 0)
		rc = split(line);
	if (rc <= 0)
		account_free(line);
	return rc;
}

void account_free(struct account_line *line)
{
	free(line->text);
	memset(line, 0, sizeof(*line));
}
