// What the command line ends with when it cannot do what it is asked: tables of messages, which the files
// messages_*_test.cpp hold, one for a part of the program.
//
// Not among them:
//   a device, its memory and its limits: tests/gpu and tests/engine, with drivers that fail
//   no driver, no loader, nothing to install: devices_test.cpp
//   the window, and no display to open it on: tests/window/view_test.cpp
//   shaders that are not those of the program: tests/gpu
//   pictures of billions of pixels: tests/image
//   what takes long training with norms and logs, as a checkpoint with norms, histograms, or weights that are
//   too large: tests/train, tests/statistics and statistics_test.cpp
//   networks that no model file can hold: tests/model and tests/engine
//   what nobody brings about at will: a computer without memory, files that may not be read (the tests may
//   run as root), a disk that fills up, a model or pictures that change while they are measured
#pragma once

#include <span>

#include "pictures.h"

namespace shadenet::test {

/// A new message of the program is one row. The commands are lines for a shell that runs in a new folder with
/// what MessageScene says, and begins with:
///     train ARGUMENTS    trains quickly, with $quick, on the $pairs, into run/
///     apply ARGUMENTS    applies made.safetensors
///     classify ARGUMENTS asks the $model that the scene has trained
///     edit FILE OLD NEW  replaces text of a binary file by other text of the same length
struct Message {
    const char* name;     ///< what is wrong
    const char* command;  ///< provokes it; the last line is the program's
    int exit_code;        ///< 2 for what is given, 1 for work that fails
    const char* says;     ///< a part of the line on stderr
    /// What the message advises, done to what the command left, which must then succeed. Empty where no
    /// machine can ("copy it again"), or where another row's is the same.
    const char* remedy;
};

/// What every command of a table finds: the Pictures before/, after/ and more/, photo.jpg, alpha.png, which
/// is partly transparent, strip.png, which is too wide for a JPEG, made.safetensors, a small model that is
/// not trained, plain.safetensors, one without norms, and what is asked for here.
struct MessageScene {
    const char* prepared = "";  ///< commands, run once for the table
};

/// Checks that each command ends with its exit code and says one line of error: no second line, and nothing
/// in the words of a library. And that each remedy leads to success.
void check_messages(std::span<const Message> messages, const MessageScene& scene = {});

}  // namespace shadenet::test
