package io.vigie.console.mine;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What the pages of one's own courses and documents say, in English; in French it is {@code
 * messages/mine_fr.properties}.
 */
@MessageBundle("mine")
public interface MineWords {

  @Message("My courses")
  String courses();

  @Message("Which courses are asked of you, until when, and which you attended.")
  String coursesLead();

  @Message(
      "Nobody in the register of people has your account, so that nobody can tell which courses are asked of you. Ask an access manager to link it.")
  String nobody();

  @Message("Asked of you")
  String asked();

  @Message("No course is asked of you.")
  String noneAsked();

  @Message("Course")
  String course();

  @Message("Where you stand")
  String standing();

  @Message("Until")
  String dueOn();

  @Message("Your certificate counts until")
  String validUntil();

  @Message("What you can do")
  String toDo();

  @Message("In order")
  String valid();

  @Message("To be taken")
  String due();

  @Message("Overdue")
  String overdue();

  @Message("for ever")
  String forEver();

  @Message("I did it today, and understood it")
  String selfStudy();

  @Message("taught by others, who record it")
  String taught();

  @Message("Attended")
  String attended();

  @Message("You attended no course yet.")
  String noneAttended();

  @Message("On")
  String attendedOn();

  @Message("Certificate")
  String certificate();

  @Message("What you attended does not answer at the moment. Reload the page shortly.")
  String attendedAway();

  @Message("There is more: the first 200 are shown.")
  String moreAttended();

  @Message("Thank you. It is recorded.")
  String recorded();

  @Message("It was not recorded.")
  String notRecorded();

  @Message(
      "You may have said so today already, or the course is not one that people do by themselves any more. The page shows how it stands now.")
  String notRecordedLead();

  @Message("Documents to acknowledge")
  String documents();

  @Message("Read each, then say that you know what it asks of you: for yourself alone.")
  String documentsLead();

  @Message("There is nothing that you are asked to acknowledge.")
  String noDocuments();

  @Message("Document")
  String document();

  @Message("Version")
  String version();

  @Message("Read it: {title}")
  String read(String title);

  @Message("I have read it")
  String acknowledge();

  @Message("I have read it: {title}")
  String acknowledgeIt(String title);

  @Message("There is more: 50 of them are shown.")
  String moreDocuments();

  @Message("Thank you. You acknowledged it.")
  String acknowledged();

  @Message("It was not acknowledged.")
  String notAcknowledged();

  @Message(
      "Another version is in force by now, or the document was withdrawn. Read the one that is shown now.")
  String superseded();
}
