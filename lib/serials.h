/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * serials.h - a set of audit's serials: those of the newest so many events
 *
 * One bit for each event, whether it is in the set or not: so the memory is
 * known, and however many of the newest events are in it, all of them are.
 * Serials are 32 bits wide and go on from 0.
 */
#ifndef PVM_SERIALS_H
#define PVM_SERIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PVM_SERIALS_BLOCK 64

/* Serials from number * PVM_SERIALS_BLOCK on; bit 0 is the first. */
struct pvm_serials_block {
	uint32_t number;
	uint64_t bits;
};

struct pvm_serials;

/*
 * A set for the newest @window serials, a power of two and at least
 * PVM_SERIALS_BLOCK: a quarter of a byte for each, taken where used. Returns
 * NULL when there is no memory.
 */
struct pvm_serials *pvm_serials_new(uint32_t window);
void pvm_serials_free(struct pvm_serials *serials);

/*
 * Forgets what is @window or more older; and does not take what is so much
 * older than one that is in the set. Returns the block as it is now, with its
 * place among window / PVM_SERIALS_BLOCK in *@place; NULL: not taken.
 */
const struct pvm_serials_block *pvm_serials_add(struct pvm_serials *serials,
						uint32_t serial, size_t *place);

/* As pvm_serials_add(), of all serials in @block. */
const struct pvm_serials_block *pvm_serials_add_block(
	struct pvm_serials *serials, const struct pvm_serials_block *block,
	size_t *place);

bool pvm_serials_has(const struct pvm_serials *serials, uint32_t serial);

#endif
