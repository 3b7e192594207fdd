/**
 * What the agency wrote down about its security (R5.1, R5.2, R5.3, R6.5, R13.1): policies,
 * procedures, playbooks and charters, each with versions that somebody else than their author
 * approves, a date by which it is looked at again, and the acknowledgements of those it concerns.
 *
 * <p>The document is the aggregate of its versions. An acknowledgement is an aggregate of its own:
 * everybody may acknowledge at once, and none makes another's, or the document's, version stale.
 * Content is kept once by its SHA-256, and is in no event.
 */
package io.vigie.asset.document;
