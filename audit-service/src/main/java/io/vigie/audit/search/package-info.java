/**
 * What an entry is found by beside its metadata: the words of its texts, the objects it refers to,
 * how it came out. Which those are is data under {@code contracts/search}.
 */
package io.vigie.audit.search;
