// Texts that the ranks of a group tell one another.
#pragma once

#include <string>
#include <vector>

#include "group/group.h"

namespace shadenet {

using Texts = std::vector<std::string>;

/// The texts of every rank, in the order of the ranks; all get all of them. All ranks call it.
std::vector<Texts> gather_texts(Group& group, const Texts& mine);
/// The same, for rank 0 alone: the others get none.
std::vector<Texts> collect_texts(Group& group, const Texts& mine);
/// Rank 0's texts, which all ranks get. All ranks call it.
Texts broadcast_texts(Group& group, const Texts& of_leader);

}  // namespace shadenet
