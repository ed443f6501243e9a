#include "model/delivery.h"

#include "base/words.h"

static const char *const state_words[] = {"pending", "delivered", "failed"};

WORDS_DEFINE(delivery_state, delivery_state, state_words)
