// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * serials.c - see serials.h
 *
 * Each block has one place, by its number. A newer one of the same place
 * replaces it.
 */
#include <stdlib.h>

#include "lib/serials.h"

/* Block numbers go on from 0 behind this one. */
#define NUMBER_MAX (UINT32_MAX / PVM_SERIALS_BLOCK)

struct pvm_serials {
	uint32_t places;
	struct pvm_serials_block blocks[];
};

struct pvm_serials *pvm_serials_new(uint32_t window)
{
	uint32_t places = window / PVM_SERIALS_BLOCK;
	struct pvm_serials *serials =
		calloc(1, sizeof(*serials) +
				  places * sizeof(struct pvm_serials_block));

	if (serials)
		serials->places = places;
	return serials;
}

void pvm_serials_free(struct pvm_serials *serials)
{
	free(serials);
}

static uint32_t place_of(const struct pvm_serials *serials, uint32_t number)
{
	return number & (serials->places - 1);
}

static uint64_t bit_of(uint32_t serial)
{
	return UINT64_C(1) << serial % PVM_SERIALS_BLOCK;
}

/* Is @a behind @b, by less than half the way round? */
static bool is_newer(uint32_t a, uint32_t b)
{
	uint32_t ahead = (a - b) & NUMBER_MAX;

	return ahead && ahead <= NUMBER_MAX / 2;
}

const struct pvm_serials_block *pvm_serials_add_block(
	struct pvm_serials *serials, const struct pvm_serials_block *block,
	size_t *place)
{
	struct pvm_serials_block *there;

	*place = place_of(serials, block->number);
	there = &serials->blocks[*place];
	if (there->number != block->number) {
		if (there->bits && !is_newer(block->number, there->number))
			return NULL;
		*there = (struct pvm_serials_block){.number = block->number};
	}
	there->bits |= block->bits;
	return there;
}

const struct pvm_serials_block *pvm_serials_add(struct pvm_serials *serials,
						uint32_t serial, size_t *place)
{
	struct pvm_serials_block block = {
		.number = serial / PVM_SERIALS_BLOCK,
		.bits = bit_of(serial),
	};

	return pvm_serials_add_block(serials, &block, place);
}

bool pvm_serials_has(const struct pvm_serials *serials, uint32_t serial)
{
	const struct pvm_serials_block *block =
		&serials->blocks[place_of(serials, serial / PVM_SERIALS_BLOCK)];

	return block->number == serial / PVM_SERIALS_BLOCK &&
	       block->bits & bit_of(serial);
}
