/**
 * Newsletters of those who publish advisories (R11.9): RSS and Atom feeds are read on time, each
 * item is kept once as a {@link io.vigie.asset.software.feed.Notice} until somebody takes it up or
 * dismisses it, and a feed that cannot be read says so. So are indexes of advisories, whose
 * documents are taken in.
 */
package io.vigie.asset.software.feed;
