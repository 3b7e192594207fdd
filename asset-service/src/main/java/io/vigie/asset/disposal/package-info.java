/**
 * Getting rid of assets (R3.4): a request, the approval of somebody else, sanitisation of each
 * medium at the depth that its kind and the asset's confidentiality ask for, with evidence and
 * verified by somebody other than the operator, and the departure. The last step waits until
 * access-service has reported that nobody has rights on the asset, and backup-service that somebody
 * decided about its copies. The certificate says who did what, and where the log proves it.
 */
package io.vigie.asset.disposal;
