/** What is printed of assets: labels to stick on them, and the pages that other packages make. */
package io.vigie.asset.print;
