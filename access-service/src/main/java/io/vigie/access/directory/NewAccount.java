package io.vigie.access.directory;

import java.util.Set;

/**
 * An account to be made.
 *
 * @param requiredActions what its holder must do at the first sign-in, as the directory calls it;
 *     left out where the directory knows no such thing
 */
public record NewAccount(
    String username,
    String email,
    String givenName,
    String familyName,
    Set<String> requiredActions) {}
