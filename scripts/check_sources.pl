#!/usr/bin/env perl
# Says of the files given, which are to be all,
# - which use a name of the standard library whose header neither they nor any header of this project that they
#   include names: they compile only where another header of the library happens to bring it;
# - which functions of anonymous namespaces have the name of one in another file of the folder: a folder is compiled as
#   one unit, where a call could reach the other file's overload in silence;
# - which types two headers of the program define under one name: the linker takes them for one type, whatever they hold;
# - which files of src/ include a header of a folder that is not above their own in the order of folders.
# check_sources.pl FILE...
use strict;
use warnings;

# Header => what in a file needs it.
my %needs = (
    algorithm => qr/std::(?:ranges::)?(?:sort|min|max|clamp|fill_n|copy_n|equal|find_if|all_of|any_of|none_of|count_if|transform|replace|reverse|max_element|min_element|minmax_element|lower_bound|upper_bound|stable_sort|shuffle|nth_element|generate)\b[(<]/,
    array => qr/std::array\b/,
    atomic => qr/std::atomic\b/,
    bit => qr/std::bit_cast\b/,
    charconv => qr/std::(?:from_chars|to_chars)\b/,
    chrono => qr/std::chrono\b/,
    cmath => qr/std::(?:abs|sqrt|floor|ceil|pow|exp|log|isfinite|isnan|tanh|lround|round|hypot)\(/,
    condition_variable => qr/std::condition_variable\b/,
    cstdint => qr/std::u?int(?:8|16|32|64|ptr)_t\b/,
    cstdio => qr/std::(?:FILE|fopen|fwrite|fclose|printf|fprintf|remove)\b/,
    cstdlib => qr/std::(?:getenv|exit|abort|system)\b/,
    cstring => qr/std::(?:memcpy|memset|memcmp|strlen|strcmp)\b/,
    deque => qr/std::deque\b/,
    exception => qr/std::(?:exception|exception_ptr|current_exception)\b/,
    filesystem => qr/std::filesystem\b/,
    fstream => qr/std::[io]?fstream\b/,
    functional => qr/std::function\b/,
    future => qr/std::(?:future|promise|async)\b/,
    iterator => qr/std::(?:back_inserter|ssize|make_move_iterator)\b/,
    limits => qr/std::numeric_limits\b/,
    map => qr/std::(?:multi)?map\b/,
    memory => qr/std::(?:unique_ptr|shared_ptr|make_unique|make_shared)\b/,
    mutex => qr/std::(?:mutex|lock_guard|unique_lock|scoped_lock|call_once)\b/,
    numbers => qr/std::numbers\b/,
    numeric => qr/std::(?:accumulate|iota|reduce|lcm|gcd)\b/,
    optional => qr/std::(?:optional|nullopt|make_optional)\b/,
    random => qr/std::mt19937(?:_64)?\b/,
    regex => qr/std::regex\b/,
    set => qr/std::(?:multi)?set\b/,
    span => qr/std::(?:span|as_bytes|as_writable_bytes)\b/,
    sstream => qr/std::[io]?stringstream\b/,
    stdexcept => qr/std::(?:runtime_error|logic_error|invalid_argument|out_of_range)\b/,
    string => qr/std::(?:string|to_string)\b/,
    string_view => qr/std::string_view\b/,
    system_error => qr/std::(?:error_code|system_error|generic_category|errc)\b/,
    thread => qr/std::(?:thread|this_thread)\b/,
    tuple => qr/std::(?:tuple|tie)\b/,
    utility => qr/std::(?:move|pair|exchange|swap|forward|make_pair)\b/,
    variant => qr/std::(?:variant|visit|get_if|holds_alternative|monostate)\b/,
    vector => qr/std::vector\b/,
);

# The folders of src/: a file uses headers of its own folder and of those before it.
my @folders = qw(
    base group gpu image pairs model data data/labelled engine/tensors engine/tiles engine/learning engine/stack
    engine/two_layer engine task train/options train/logs train apply export
    statistics report study check tune bench cli library mpi viewer
);

my %texts;

sub text_of {
    my ($path) = @_;
    return $texts{$path} if exists $texts{$path};
    open my $file, '<', $path or return $texts{$path} = undef;
    local $/;
    (my $text = <$file>) =~ s{//.*}{}g;
    return $texts{$path} = $text;
}

# The file that an #include "..." of `from` names, or nothing where it is made by the build.
sub found {
    my ($name, $from) = @_;
    (my $folder = $from) =~ s{[^/]*$}{};
    for my $path ("$folder$name", "src/$name", "tests/$name", "shaders/include/$name", "assets/$name") {
        return $path if defined text_of($path);
    }
    return;
}

# All standard headers that `path` and the project's headers below it name.
sub headers_of {
    my ($path, $seen) = @_;
    return () if $seen->{$path}++;
    my $text = text_of($path);
    my @headers = $text =~ /^#include <([a-z_]+)>/mg;
    push @headers, headers_of($_, $seen) for grep { defined } map { found($_, $path) } $text =~ /^#include "([^"]+)"/mg;
    return @headers;
}

my $failed = 0;
for my $path (@ARGV) {
    my $text = text_of($path) // next;
    my %has = map { $_ => 1 } headers_of($path, {});
    my @missing = grep { $text =~ $needs{$_} && !$has{$_} } sort keys %needs;
    next unless @missing;
    $failed = 1;
    print "$path: include ", join(', ', map { "<$_>" } @missing), "\n";
}

# Whole definitions begin at the margin.
my $function = qr/^(?:(?:static|constexpr|inline|\[\[\w+\]\]) )*[A-Za-z_][\w:<>,*& ]*?[ &*](\w+)\(/m;
my %places;
for my $path (grep { /\.cpp$/ } @ARGV) {
    my $text = text_of($path) // next;
    (my $folder = $path) =~ s{[^/]*$}{};
    while ($text =~ /^namespace \{$(.*?)^\}/msg) {
        my $inside = $1;
        $places{"$folder $1"}{$path} = 1 while $inside =~ /$function/g;
    }
}
# Programs of the sample pictures are no unit: every picture has a sky of its own.
for my $key (sort grep { !m{^assets/} } keys %places) {
    my @paths = sort keys %{$places{$key}};
    next if @paths < 2;
    $failed = 1;
    print "@paths: each has a function ", (split / /, $key)[1], " of its own; name them apart, or have one\n";
}

my %types;
for my $path (grep { m{^(?:src|assets)/.*\.h$} } @ARGV) {
    my $text = text_of($path) // next;
    my $namespace = $text =~ /^namespace ([\w:]+) \{/m ? $1 : '';
    $types{"${namespace}::$1"}{$path} = 1 while $text =~ /^(?:struct|class|enum class) (\w+)[^;{]*\{/mg;
}
for my $type (sort keys %types) {
    my @paths = sort keys %{$types{$type}};
    next if @paths < 2;
    $failed = 1;
    print "@paths: each defines a type $type; name them apart, or have one\n";
}

my %place = map { $folders[$_] => $_ } 0 .. $#folders;
for my $path (grep { m{^src/.*/} } @ARGV) {
    my $text = text_of($path) // next;
    my ($own) = $path =~ m{^src/(.*)/};
    if (!exists $place{$own}) {
        $failed = 1;
        print "$path: src/$own has no place in the order of folders; give it one in scripts/check_sources.pl\n";
        next;
    }
    for my $name ($text =~ /^#include "([^"]+)"/mg) {
        next if !-e "src/$name";    # made by the build, or of shaders/include or tests/reference
        my ($folder) = $name =~ m{^(.*)/};
        next if exists $place{$folder} && $place{$folder} <= $place{$own};
        $failed = 1;
        print "$path: $name is of a folder below src/$own; the order of folders stands in scripts/check_sources.pl\n";
    }
}
exit $failed;
