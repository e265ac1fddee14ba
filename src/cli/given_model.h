// A model that the command line names.
#pragma once

#include <string>

#include "model/model_file.h"

namespace CLI {
class App;
}

namespace shadenet {

/// --range, which may stay empty. `range` must stay in place: the parser writes into it.
void add_range_flag(CLI::App& command, std::string& range);

/// The model in the file `path`, of the range where one is given and the file has none. Throws InputError as
/// read_model() does, for a text that is no range, and where the file's own is another.
Model read_given_model(const std::string& path, const std::string& range);
/// The same of a file that has been read.
Model given_model(const SafeTensors& file, const std::string& path, const std::string& range);

/// Puts the set of statistics `name` in the place of the model's own; an empty name leaves those. Throws
/// InputError "<path>: ..." where the model has no such set.
void use_statistics(Model& model, const std::string& name, const std::string& path);

}  // namespace shadenet
