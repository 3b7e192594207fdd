/**
 * Closing a site: nothing moves by itself. What is still there becomes a task for each asset, until
 * it is moved or out of use, and the closure is complete when nothing is left. What is in premises
 * at a site is at the site.
 */
package io.vigie.asset.site;
