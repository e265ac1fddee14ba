// The bounds from which on a difference between results and targets is worth a word, each with its reason.
#pragma once

namespace shadenet::bounds {

/// Results that nobody tells from their targets have no fault of those below, and: the mean error of a value,
/// in levels, is what rounding to 8 bits twice may leave; ...
inline constexpr double same_levels = 1;
/// ... hardly a value is off by more than visible_levels: noise of one level (root mean square) puts 1 in
/// 16,000 there; ...
inline constexpr double same_off = 0.01;
/// ... and structures agree: a blur too weak to be named soft leaves more.
inline constexpr double same_similarity = 0.99;

/// From here on errors are about 3 levels: seen where both pictures lie over each other, hardly side by side.
inline constexpr double close_decibels = 38;
/// From here on errors are about 10 levels: seen side by side, in a picture that is recognisably the target.
inline constexpr double visible_decibels = 28;

/// A part of the target's finest detail that is missing, or too much: in the sample pictures a blur of σ 0.2
/// pixels takes 4 to 6 % of it, ...
inline constexpr double detail_slight = 0.05;
/// ... and one of σ 0.5, which makes edges visibly wider, 28 to 36 %.
inline constexpr double detail_strong = 0.3;
/// Detail of less than so many levels (root mean square) is no detail but rounding, ...
inline constexpr double least_detail = 1;
/// ... and so is an error in it of less.
inline constexpr double least_detail_error = 0.75;
/// Grain: energy beyond what the target's finest detail has, as a part of it.
inline constexpr double grain = 0.1;

/// The difference between the colours' mean errors, in levels: greys show a tint from about 2 on, and means
/// over whole pictures are below what flat areas have.
inline constexpr double tint = 1.5;
/// A mean error of all colours, in levels: pictures switched back and forth flicker.
inline constexpr double brightness = 1.5;
/// The mean error in one third of the range of tones, in levels, ...
inline constexpr double tone = 3;
/// ... and in the others: that of one is said by itself only where it is so many times theirs.
inline constexpr double tone_factor = 2;
/// A smaller part of the pixels makes no statement about a tone.
inline constexpr double least_tone = 0.01;
/// The mean error in a ring along the edges, in levels: a line of one pixel is seen from here on, ...
inline constexpr double rim = 4;
/// ... where the inside is better by this factor.
inline constexpr double rim_factor = 2;
/// A picture that is worse than the others together by so many dB has twice their errors' size or more.
inline constexpr double worst_decibels = 4;

/// How far from the best linear filter, in dB, a network is at it: the errors differ by an eighth.
inline constexpr double at_linear = 1;
/// And from where on it has yet to get there: the squared error is twice as large.
inline constexpr double below_linear = 3;
/// A gain over the untouched input of less is none.
inline constexpr double least_gain = 0.5;

}  // namespace shadenet::bounds
