/** Any directory that speaks SCIM 2.0 (RFC 7643, RFC 7644), as far as that protocol reaches. */
package io.vigie.access.directory.scim;
