// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * csv.c - comma-separated values as RFC 4180 has them, a heading first
 *
 * Spreadsheets take a cell that begins with = + - or @ for a formula, and the
 * names of programs are their owners' choice: such a first byte of a string is
 * escaped like those that cannot be printed.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "show/columns.h"
#include "util/memory.h"
#include "show/names.h"
#include "show/output.h"

struct csv {
	struct output output;
	struct names *names;
	struct strbuf text, cell;
	bool started;
};

static const char heading[] =
	"kind,node,first,last,count,op,key,spid,stid,uid,user,sauid,login,ses,"
	"comm,exe,abi,opid,otid,apid,ouid,target_user,ocomm,oexe,odeleted,"
	"ostart,rel,exit,result,bytes,rlen,riovcnt,riov,rspan,rmap,llen,"
	"liovcnt,liov,vmflags,src,why,cut,serials";

/* Ends the cell in csv->cell. */
static void end_cell(struct csv *csv)
{
	struct slice rest = strbuf_slice(&csv->cell);
	bool quoted = rest.len && (memchr(rest.at, '"', rest.len) ||
				   memchr(rest.at, ',', rest.len));

	if (csv->text.len)
		strbuf_put_char(&csv->text, ',');
	if (quoted)
		strbuf_put_char(&csv->text, '"');
	strbuf_put_quoted(&csv->text, rest, '"', '"');
	if (quoted)
		strbuf_put_char(&csv->text, '"');
	strbuf_clear(&csv->cell);
}

/* A string from outside; it is escaped already, but for its first byte. */
static void end_string(struct csv *csv)
{
	struct strbuf escaped = {0};

	if (csv->cell.len && strchr("=+-@", csv->cell.at[0])) {
		strbuf_put(&escaped, "\\x%02X%s", csv->cell.at[0],
			   csv->cell.at + 1);
		strbuf_clear(&csv->cell);
		strbuf_put_slice(&csv->cell, strbuf_slice(&escaped));
		strbuf_free(&escaped);
	}
	end_cell(csv);
}

static void put_field(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_slice(&csv->cell, access->fields.value[field]);
	end_cell(csv);
}

static void put_token(struct csv *csv, const struct access *access,
		      enum field field)
{
	strbuf_put_token(&csv->cell, access->fields.value[field]);
	end_string(csv);
}

static void put_user(struct csv *csv, const struct access *access,
		     enum field field)
{
	put_field(csv, access, field);
	if (field_is_there(&access->fields, field))
		strbuf_put_escaped(&csv->cell,
				   names_user(csv->names, access, field));
	end_string(csv);
}

static void put_id(struct csv *csv, const struct pvm_id *id)
{
	strbuf_put(&csv->cell, "%" PRIu64 ".%03u", id->sec,
		   (unsigned int)id->msec);
	if (id->serial)
		strbuf_put(&csv->cell, ":%" PRIu64, id->serial);
	end_cell(csv);
}

static void put_number(struct csv *csv, uint64_t number)
{
	strbuf_put(&csv->cell, "%" PRIu64, number);
	end_cell(csv);
}

static void put_caller(struct csv *csv, const struct access *access)
{
	put_field(csv, access, FIELD_SPID);
	put_field(csv, access, FIELD_STID);
	put_user(csv, access, FIELD_UID);
	put_user(csv, access, FIELD_SAUID);
	if (access->has_session)
		strbuf_put(&csv->cell, "%" PRIu32, access->session);
	end_cell(csv);
	put_token(csv, access, FIELD_COMM);
	put_token(csv, access, FIELD_EXE);
	put_field(csv, access, FIELD_ABI);
}

static void put_target(struct csv *csv, const struct access *access)
{
	put_field(csv, access, FIELD_OPID);
	put_field(csv, access, FIELD_OTID);
	put_field(csv, access, FIELD_APID);
	put_user(csv, access, FIELD_OUID);
	put_token(csv, access, FIELD_OCOMM);
	put_token(csv, access, FIELD_OEXE);
	put_field(csv, access, FIELD_ODELETED);
	put_field(csv, access, FIELD_OSTART);
	put_field(csv, access, FIELD_REL);
}

static void put_result(struct csv *csv, const struct access *access)
{
	put_field(csv, access, FIELD_EXIT);
	if (access->kind != ACCESS_LOST)
		column_result(&csv->cell, access);
	end_cell(csv);
	put_number(csv, access->bytes);
}

static void csv_access(struct output *output, const struct access *access)
{
	struct csv *csv = (struct csv *)output;

	if (!csv->started)
		puts(heading);
	csv->started = true;
	strbuf_clear(&csv->text);
	strbuf_put(&csv->text, "%s", access_kind_name(access->kind));
	strbuf_put_escaped(&csv->cell, access->node);
	end_string(csv);
	put_id(csv, &access->first);
	put_id(csv, &access->last);
	put_number(csv, access->count);
	put_field(csv, access, FIELD_OP);
	put_token(csv, access, FIELD_KEY);
	put_caller(csv, access);
	put_target(csv, access);
	put_result(csv, access);
	for (int i = FIELD_RLEN; i <= FIELD_CUT; i++)
		put_field(csv, access, (enum field)i);
	put_field(csv, access, FIELD_SERIALS);
	puts(csv->text.at);
}

static void csv_free(struct output *output)
{
	struct csv *csv = (struct csv *)output;

	strbuf_free(&csv->text);
	strbuf_free(&csv->cell);
	free(csv);
}

struct output *csv_new(struct names *names)
{
	struct csv *csv = new_zeroed(1, sizeof(*csv));

	csv->output.access = csv_access;
	csv->output.free = csv_free;
	csv->names = names;
	return &csv->output;
}
