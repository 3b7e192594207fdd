package io.vigie.access.directory;

import java.util.Set;

/**
 * An account as it stands in the directory.
 *
 * @param subject the {@code sub} of its tokens
 * @param email null where it has none
 * @param roles of those that Vigie owns, all that are effective, whichever way they came
 * @param direct of these roles, those that can be taken from the account alone
 * @param groups of those that Vigie owns
 */
public record Account(
    String subject,
    String username,
    String email,
    boolean enabled,
    Set<String> roles,
    Set<String> direct,
    Set<String> groups) {}
