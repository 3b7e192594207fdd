/**
 * Which of two versions comes first, and whether one is in a range, in the order of each ecosystem:
 * a text comparison would put 1.10 before 1.9. What cannot be ordered for certain stays undecided,
 * for a person to assess. Ranges are written as vers (package-url/vers-spec).
 */
package io.vigie.asset.software.version;
