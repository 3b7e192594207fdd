/**
 * What copies of an asset there are, on what and where, counted as the rule 3-2-1-1-0 counts them
 * (R12.3): three copies with the data itself, on two media, one off site, one offline or immutable.
 */
package io.vigie.backup.copy;
