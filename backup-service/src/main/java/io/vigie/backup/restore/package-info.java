/**
 * Whether backups can be restored (R12.5): how deep and by when a restore of each asset is to be
 * tested, tests by tools and by people, and how long it took against how long it may take. That a
 * run succeeded says nothing of that; a test that passed makes its copy a verified recovery point.
 */
package io.vigie.backup.restore;
