package io.vigie.console.audit;

import io.quarkus.qute.i18n.Message;
import io.quarkus.qute.i18n.MessageBundle;

/**
 * What the pages of audits say, in English; in French it is {@code messages/audits_fr.properties}.
 */
@MessageBundle("audits")
public interface AuditWords {

  @Message("Audits")
  String title();

  @Message(
      "The audits that name you and are open now. In the room of each you find its rules and their evidence, and ask for what you miss.")
  String lead();

  @Message("All audits")
  String all();

  @Message("Evidence to answer")
  String toAnswer();

  @Message("No auditor waits for evidence.")
  String nothingToAnswer();

  @Message("There is no such audit.")
  String none();

  @Message("No audit that names you is open now.")
  String noneOpen();

  @Message("This does not answer at the moment. Reload the page shortly; the rest goes on.")
  String away();

  @Message("Audit")
  String audit();

  @Message("By")
  String kind();

  @Message("The house")
  String internal();

  @Message("A third party")
  String thirdParty();

  @Message("Stage")
  String standing();

  @Message("Planned")
  String planned();

  @Message("Under way")
  String begun();

  @Message("Closed")
  String closed();

  @Message("Cancelled")
  String cancelled();

  @Message("Any")
  String any();

  @Message("Show")
  String show();

  @Message("Period")
  String period();

  @Message("{from} to {until}")
  String fromUntil(String from, String until);

  @Message("Requests to answer")
  String unanswered();

  @Message("Open findings")
  String unsettled();

  @Message("Clients")
  String clients();

  @Message("Auditor")
  String auditor();

  @Message("Entries of the log that it covers (10,000 at most are counted)")
  String covered();

  @Message("Rules in scope")
  String rules();

  @Message("Its scope is what is done for clients, whatever the rule.")
  String noRules();

  @Message("Rule")
  String rule();

  @Message("Evidence")
  String evidence();

  @Message("{count} entries that prove {rule}")
  String evidenceOf(String count, String rule);

  @Message("Last entry")
  String last();

  @Message("Evidence asked for")
  String requests();

  @Message("Nothing was asked for yet.")
  String noRequests();

  @Message("Evidence asked for by an auditor")
  String request();

  @Message("To be answered")
  String asked();

  @Message("Answered")
  String answered();

  @Message("Accepted")
  String accepted();

  @Message("Withdrawn")
  String withdrawn();

  @Message("Due")
  String due();

  @Message("due {time}")
  String dueBy(String time);

  @Message("proof")
  String proof();

  @Message("Proof of entry {index}")
  String proofOf(String index);

  @Message("Take what the answers name away, with its proofs")
  String takePack();

  @Message("Audit, by its id")
  String packOf();

  @Message("What the answers to its requests for evidence name, as far as the audit covers it.")
  String packOfHint();

  @Message("Ask for evidence")
  String ask();

  @Message("What is asked for")
  String what();

  @Message("No rule in particular")
  String noRule();

  @Message("Object")
  String object();

  @Message("If it is about one: kind/id, for example asset/0199a000-0000-7000-8000-000000000001.")
  String objectHint();

  @Message("To be answered by the end of")
  String dueDay();

  @Message("It was asked for.")
  String wasAsked();

  @Message("Done.")
  String wasTaken();

  @Message("The receipt")
  String receipt();

  @Message("It was not taken.")
  String notTaken();

  @Message("Something that is needed was not filled in.")
  String incomplete();

  @Message("Say until which day.")
  String badDay();

  @Message("Entries are numbers, with blanks between them.")
  String badEntries();

  @Message("Nobody who is here has this name and an account.")
  String nobody();

  @Message("Several people have this name: type more of it, or the id of the account.")
  String several();

  @Message("Somebody changed it meanwhile. This is how it stands now.")
  String changed();

  @Message("It was refused:")
  String refused();

  @Message(
      "The audit service does not answer. What you wrote is still here: send it again in a moment. It will be done once.")
  String sendAgain();

  @Message("What you wrote:")
  String youWrote();

  @Message("Asked by")
  String askedBy();

  @Message("Who is to answer")
  String assignee();

  @Message("the CISO")
  String theCiso();

  @Message("What the auditor said last")
  String reason();

  @Message("Answer")
  String answer();

  @Message("The last answer")
  String lastAnswer();

  @Message("Answer")
  String answerIt();

  @Message("Entries of the log")
  String entries();

  @Message(
      "Their numbers, with blanks between them. Only what the audit covers is taken: its rules, clients and period.")
  String entriesHint();

  @Message("Objects")
  String objects();

  @Message("A document for example: kind/id each, with blanks between them.")
  String objectsHint();

  @Message("Give it to somebody")
  String assign();

  @Message("A name, or the id of an account.")
  String assigneeHint();

  @Message("What you say of the answer")
  String review();

  @Message("What is missing")
  String missing();

  @Message("Needed to send it back.")
  String missingHint();

  @Message("Accept")
  String accept();

  @Message("Send back")
  String sendBack();

  @Message("Take the request back")
  String withdraw();

  @Message("Why it is not needed any more")
  String withdrawWhy();

  @Message("Attestation of")
  String attestation();

  @Message("What was looked at")
  String basis();

  @Message("Contracts, registers, people who were asked: what somebody else would look at again.")
  String basisHint();

  @Message("What is attested")
  String statement();

  @Message("Attested by")
  String attestedBy();

  @Message("Attest")
  String attestIt();

  @Message("Withdraw the attestation")
  String withdrawAttestation();

  @Message("Why it does not hold")
  String attestationWithdrawnWhy();

  @Message("Findings")
  String findings();

  @Message("Findings are not told at the moment.")
  String findingsAway();

  @Message("Nothing was found until now.")
  String noFindings();

  @Message("What was done")
  String whatWasDone();

  @Message("Major")
  String major();

  @Message("Minor")
  String minor();

  @Message("Observation")
  String observation();

  @Message("to be acted on")
  String toBeActedOn();

  @Message("to be verified")
  String toBeVerified();

  @Message("verified")
  String verified();

  @Message("accepted as it is")
  String acceptedFinding();

  @Message("Plan an audit")
  String plan();

  @Message("Begin, close or cancel it, and its findings")
  String manage();
}
