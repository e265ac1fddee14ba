#include "train/early_stop.h"

namespace shadenet {

bool EarlyStop::add(const BestValidation& validation) {
    if (best && !(validation.loss < best->loss)) {
        ++since;
        return false;
    }
    best = validation;
    since = 0;
    return true;
}

}  // namespace shadenet
