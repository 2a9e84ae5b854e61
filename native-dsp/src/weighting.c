#include "weighting.h"

/* Far below a quantum of 16 bits, far above the smallest normal number. */
static const float nothing = 1e-9f;

static lanes_t settled(lanes_t value) { return lanes_select(lanes_abs(value) < lanes_splat(nothing), (lanes_t){0}, value); }

void weighting_settle(weighting_t *weighting)
{
    for (int i = 0; i < WEIGHTING_SECTIONS; i++) {
        weighting->sections[i].first = settled(weighting->sections[i].first);
        weighting->sections[i].second = settled(weighting->sections[i].second);
    }
}

void weighting_reset(weighting_t *weighting, int lane)
{
    for (int i = 0; i < WEIGHTING_SECTIONS; i++) weighting->sections[i].first[lane] = weighting->sections[i].second[lane] = 0.0f;
}
