/* What goes out together: claimed deliveries, with the parcels made of them. */
#ifndef APP_DELIVER_ROUND_H
#define APP_DELIVER_ROUND_H

#include "base/uuid.h"
#include "model/delivery.h"
#include "notify/courier.h"
#include "store/store.h"

struct notice;

struct deliver_round {
    char claimant[UUID_TEXT_SIZE];
    struct delivery *deliveries; /* these three go in step */
    const struct sink **sinks;
    size_t count;
    struct parcel *parcels; /* of deliver_round_carry() */
};

void deliver_round_init(struct deliver_round *round);
void deliver_round_release(struct deliver_round *round);

enum tare_status deliver_round_add(struct deliver_round *round, const struct delivery *delivery,
                                   const struct sink *sink, struct tare_error *error);

/* Makes the parcels and sends them; what became of each stands in round->parcels. */
enum tare_status deliver_round_carry(struct deliver_round *round, struct store *store,
                                     struct tare_error *error);

/* One parcel: the notice in the sink's format, owned by the parcel until parcel_release(). */
enum tare_status parcel_fill(struct parcel *parcel, const struct sink *sink,
                             const struct notice *notice, struct tare_error *error);
void parcel_release(struct parcel *parcel);

#endif
