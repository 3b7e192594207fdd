package io.vigie.console.register;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What the pages say that take tables, in English; in French it is {@code
 * messages/table_fr.properties}.
 */
@MessageBundle("table")
public interface TableMessages {

  @Message("Bring in a table")
  String bring();

  @Message("Bring in a table: {register}")
  String title(String register);

  @Message(
      "First you see, row by row, what the table would come to. Nothing is changed until you say so. Then it is kept here until it is taken, and what came of it for half a day.")
  String lead();

  @Message("Table (CSV)")
  String file();

  @Message(
      "In UTF-8, with commas or semicolons, of 1 MiB at most: some thousand rows. Larger ones go through the API.")
  String fileHint();

  @Message("Columns that it can have, in any order; the first line names them:")
  String columns();

  @Message("The download has the same columns:")
  String sameColumns();

  @Message("Look at it")
  String look();

  @Message("A thousand rows take some seconds: leave the page open until it answers.")
  String patience();

  @Message("Nothing was taken.")
  String notTaken();

  @Message("Choose a file that has something in it.")
  String noFile();

  @Message("The file is larger than 1 MiB. Split it, or send it through the API.")
  String tooLarge();

  @Message("The service does not take this table:")
  String refused();

  @Message("Too much is asked at once. Try again in a moment.")
  String busy();

  @Message("The service does not answer. Try again in a moment.")
  String away();

  @Message("What it would come to: {register}")
  String preview(String register);

  @Message("Rows")
  String rows();

  @Message("New")
  String created();

  @Message("Changed")
  String updated();

  @Message("As they are")
  String unchanged();

  @Message("Refused")
  String refusedRows();

  @Message("Columns that are passed over, since people and procedures decide what they say:")
  String passedOver();

  @Message("Row")
  String row();

  @Message("What it says")
  String says();

  @Message("What becomes of it")
  String becomes();

  @Message("Why not")
  String whyNot();

  @Message("Not all rows are shown: what is refused comes first, then what is new or changed.")
  String moreRows();

  @Message("The table changes nothing.")
  String nothing();

  @Message("Take it: {number} rows")
  String take(String number);

  @Message("Take the others: {number} rows; leave out what is refused")
  String takeOthers(String number);

  @Message("Choose another table")
  String another();

  @Message("Taken.")
  String taken();

  @Message(
      "Something changed since you looked: some rows are refused now, and nothing was taken. This is what the table comes to now.")
  String changed();

  @Message("Send it again")
  String again();

  @Message(
      "The service does not answer, or still works on it. Send the table again in a moment: it is taken once.")
  String sendAgain();

  @Message(
      "You need not wait while it is taken: what comes of it is where you chose the table. Sent twice, it is taken once.")
  String leave();

  @Message("The table that you sent: {time}")
  String last(String time);

  @Message(
      "It is being taken. You can leave this page: it goes on, and what comes of it will be here.")
  String underWay();

  @Message("See whether it is done")
  String whetherDone();

  @Message(
      "The console was restarted before the service answered, so nobody can say here whether the table was taken. Send it again: it is taken once.")
  String interrupted();

  @Message("Something changed since you looked: some rows are refused now.")
  String changedSince();

  @Message("Look at it again")
  String lookAgain();

  @Message("This is here until {time}.")
  String keptUntil(String time);

  @Message("Another table of yours is being taken. Bring in this one when that is done.")
  String oneAtATime();
}
