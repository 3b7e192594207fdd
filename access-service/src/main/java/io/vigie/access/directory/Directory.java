package io.vigie.access.directory;

import java.util.List;

import io.smallrye.mutiny.Uni;

/**
 * Where accounts are kept. Those of programs are listed apart, and nothing but closed; those that
 * the policy calls untouchable are neither listed nor changed. Whatever fails, fails with {@link
 * DirectoryFailure}.
 */
public interface Directory {

  /**
   * Some accounts, and where the next are.
   *
   * @param next null behind the last
   */
  record Page(List<Account> accounts, String next) {}

  /**
   * Up to {@code limit} accounts in an order of the directory's own. One that comes or goes
   * meanwhile may be missing or there twice.
   *
   * @param from what the page before gave as next; null for the first
   */
  Uni<Page> accounts(String from, int limit);

  /** The account with this subject; null when there is none, or when it is a program's. */
  Uni<Account> account(String subject);

  /**
   * The same of the accounts of programs, each under the name of its client in small letters; none
   * where the directory does not tell them from others. The account of this service is not there.
   */
  Uni<Page> programs(String from, int limit);

  /** The one of them with this subject; null when there is none. */
  Uni<Account> program(String subject);

  /** The account of this name, whatever its case; null when there is none. */
  Uni<Account> named(String username);

  /** Makes an account, enabled and without roles; returns its subject. */
  Uni<String> create(NewAccount account);

  /**
   * Does all of it, what takes away first. What is not there to be taken counts as taken. A role or
   * group to be given that is not there, or that Vigie does not own, is named when the rest is
   * done: {@link DirectoryFailure#missing}.
   */
  Uni<Void> change(String subject, AccountChange change);

  /**
   * Deletes the account of somebody, and with it all that the directory knows of them.
   *
   * @return whether there was such an account
   */
  Uni<Boolean> delete(String subject);

  /**
   * Closes the account of a program, whether or not it is closed, and ends what is signed in with
   * it. Nothing is done to the account of this service, nor to what is untouchable: it fails until
   * somebody has closed that by hand.
   *
   * @return whether there is such an account
   */
  Uni<Boolean> closeProgram(String subject);

  /** Whether anybody is signed in with it; false where the directory knows no sessions. */
  Uni<Boolean> hasSessions(String subject);

  /** Whether it has a second factor; true where the directory cannot tell. */
  Uni<Boolean> hasSecondFactor(String subject);

  /** Whether it locks out who guesses passwords; false where it cannot tell. */
  Uni<Boolean> locksOutGuessers();

  /**
   * What the directory lacks for this service to do its work, or has and must not, each with what
   * to do about it.
   */
  Uni<List<String>> lacks();
}
