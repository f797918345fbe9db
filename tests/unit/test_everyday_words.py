"""What contacts write on an ordinary day, by what makes it hard to hear; and who sees to it now, or answers later. On 1 June 2022."""

from datetime import date

import pytest

from bot.dialogue.understand import Intent, Understanding, understand
from bot.dialogue.understanding.clauses import clauses_of
from bot.dialogue.understanding.features import features
from bot.dialogue.understanding.lexicon import Lexicon, Sense, lexicon
from bot.dialogue.understanding.meaning import Says, said_by
from tests.unit import test_understand, test_understanding

ON, DUE = date(2022, 6, 1), date(2022, 6, 30)


def heard(said: str) -> Understanding:
    return understand(said, on=ON, due=DUE, coordinator=False)


EVERYDAY: dict[str, dict[Intent, str]] = {
    "dictated": {
        Intent.DONE: "已经办洁了|以经弄好啦|完成勒|整改晚毕|己经上交材料了|嗯呐 弄完咧|那个 已经 全部 整改 完毕",
        Intent.ACKNOWLEDGE: "受到 马上 安排|好嘞晓得了",
    },
    "dialect and softeners": {
        Intent.DONE: "搞完了噻|办好了哈，莫得问题|整完了嘛|弄好咯撒",
        Intent.ACKNOWLEDGE: "得行，马上弄|要得|中，俺知道了|好嘞晓得了|得行撒",
        Intent.NOT_DONE: "莫法，搞不完|搞不赢哦|弄不赢嘛|忙不过来哩",
        Intent.EXTEND: "搞不赢了，宽限两天嘛",
        Intent.PROGRESS: "都弄得差不离了|应该没啥问题了|差不多了吧",
    },
    "half of a month": {
        Intent.PROGRESS: "上半月的活干完了|前半个月的任务弄完了|头十天的活儿干好了|这半个月的事都办完了",
    },
    "why it was not done, with a last sign that would ask": {
        Intent.NOT_DONE: "还没弄，孩子高考呢|还没搞，农忙着呢|没做，防汛呢|A-3还没落实|〔K-2〕没落实|整了一周仍不达标|噪声还是不达标",
        Intent.QUESTION: "还没弄，模板呢",
    },
    "taken on, or seen": {
        Intent.ACKNOWLEDGE: "9号任务瞧见了|A-8任务领了|第5项我乡领了|收着了，上岸就看|任务7见着了|下了班弄|收了工就办",
    },
    "a list that is wanted, formally or not": {
        Intent.LIST: "烦请列示我乡未办结事项|请列明我局逾期任务|烦请提供我院尚未完成任务|渔政站待办发来看看|我们港头上还压着几件|我院还挂几条",
        Intent.PROGRESS: "今晚把清单送过去|明天把台账送过去",
    },
    "another day, in a word": {
        Intent.EXTEND: "普查冲突了，想挪到7月1日|料没到，请改7月3日|配件缺货，改6月30日行不",
        Intent.PROGRESS: "6/30 24时前完成|明天18点前办结|礼拜五前给|抓紧弄，周五前给|到20号怎么也弄完了|误不了|你放心，误不了事的|不会误事",
    },
    "beyond one's power": {
        Intent.NOT_DONE: "第8项不该派给我乡|权限在市里，乡里办不了|这个要市局批，我们没权",
    },
    "not the duty, though something came to its end": {
        Intent.NONE: "瓜子吃完了|饺子吃完了别再端",
        Intent.PROGRESS: "抢险结束，清淤中|检修结束，回灌中|听讲南街都搞完了",
        Intent.DONE: "弄好咧|修好嘞，刚下夜班",
    },
    "taken back, or put right": {
        Intent.UNDO: "写岔了|点岔了，撤回",
        Intent.NOT_DONE: "报岔了，酒坊没拆完|报错了，还没销号呢",
        Intent.HELP: "新来的，求指点|第一次用这个，求指教",
    },
    "what a work goes on with": {
        Intent.PROGRESS: "渔船台账已建好|我们的制度已经建好了|巡查队伍全部组建好了|长效机制已建好",
        Intent.DONE: "台账已建立并上报|名册已更新上报",
    },
    "vows in other words": {
        Intent.PROGRESS: "保准完成|准保弄好|管保办好|铁定弄完|一准交差",
    },
    "said to everybody": {
        Intent.NONE: "起雾了，都注意防撞|下雪了注意行路安全|变天了大家注意添衣|各班组再使把劲，别等点名才动手|不要等通报了才完成|今天值班换成老吴",
    },
    "some, and nobody asked which": {
        Intent.PROGRESS: "电话催了几家，都说在清|基本清完，还有几户不在家",
        Intent.QUESTION: "还要交几份|要报几家",
    },
    "taken on": {Intent.ACKNOWLEDGE: "B-3我认领了|第4项已接收", Intent.DONE: "排查完了，没发现什么大问题", Intent.NOT_DONE: "么得人手，还没动"},
    "one or the other": {
        Intent.QUESTION: "要股长签字还是所长签|镇里批还是你们批|是渔政来取还是我们送",
        Intent.NOT_DONE: "跑了几趟还是没批|催了三遍还是没交",
    },
    "of the south": {
        Intent.NOT_DONE: "冒整完|冒修好|冇报|仲冇办结|冒弄好|排查做唔完|还冒整好|莫得修好|唔得，办唔完|冇人手，整唔掂|池塘仲未清",
        Intent.DONE: "办完咗|弄妥晒|整好晒，多谢晒|全部搞掂晒，冇问题",
        Intent.QUESTION: "弄好了冒|几时要报|边个科室管|点样盖章|使唔使附相片|啷个填嘛|呢个系咪我哋报",
        Intent.EXTEND: "畀多几日得唔得|可唔可以缓几日|能唔能延到7月",
        Intent.PROGRESS: "做紧|仲差三户|听日整完|周边个别商户没清完",
        Intent.NONE: "唔该晒",
    },
    "of the west, the lower river and the north-east": {
        Intent.DONE: "都弄熨帖了|全部搞归一了|老早弄清爽哉",
        Intent.PROGRESS: "搁这儿整呢|拾掇了两家",
        Intent.QUESTION: "阿要盖公章|阿是交纸质的|啷个整嘛",
        Intent.EXTEND: "缓几天要得不|延到7月中不中",
        Intent.LIST: "我哋仲有几多项冇做|把欠起的任务列给我|请提供我镇未办结清单",
    },
    "one time of many": {
        Intent.PROGRESS: "今天的抽查任务已完成|本月的暗访做完了|昨天的巡河完成了|今天的夜查已完成|本周的例行检查做完了|这个月的演练都搞完了",
        Intent.DONE: "昨天检查做完了|本周已办结|今天的问题已整改",
    },
    "what is done, and what is another's": {
        Intent.PROGRESS: "我们处的弄好了，别的处还没给我|本村的办完了，其他单位还没给我们",
    },
    "with nothing against it, or left": {
        Intent.DONE: "结果都公开了，没有异议，这件事办结了|公示期满，没有异议，已办结|都办妥咯，莫得漏的|全搬完了，没剩的|应张贴的都张贴了，此事已办结",
        Intent.PROGRESS: "没剩几家了|没剩多少了",
    },
    "after a long time, or looked at once more": {
        Intent.DONE: "忙了两个礼拜，总算都修好了|赶工赶了一个月，终于全部完工|跑前跑后，总算弄好了|拖了这么久，终于修好了|又查了一遍，确实全部整改到位",
        Intent.PROGRESS: "拖了这么久，总算弄完一家|忙了一个月|忙了一个月，总算弄完两家",
    },
    "with a mark that is said": {
        Intent.DONE: "已全部办结句号|都修好了逗号请核查句号",
        Intent.QUESTION: "要不要盖章问号",
    },
    "a list that is drawn up": {
        Intent.LIST: "列一列我们没办的|拉个没销号的单子|待办发我一份|看看我镇所有事项|把逾期的都捋出来|请将我镇未办结事项清单发我|我们林场还欠几条|超期的列一列",
        Intent.PROGRESS: "我们所有任务都在推进|垃圾正拉出来",
    },
    "longer, in other words": {
        Intent.EXTEND: "赶不出来，要拖几天|能不能迟三天|时间再宽宽吧|期限再松松|6月20日之前申请延期到7月5日|6月底弄不完，得拖两天",
        Intent.QUESTION: "上回申请延三天，批没批|前几天申请的延期批了没",
        Intent.NOT_DONE: "拖了几天",
    },
    "asked, or only said to be asked": {
        Intent.QUESTION: "究竟要填几遍|还要跑几趟|关于第4项的填报口径，请予明确|填报口径请予解释",
        Intent.NOT_DONE: "讲了好几遍了，没钱修不了|反映了多少次，没人管|别听他们乱讲，我们压根没弄",
    },
    "one thing, and not the other": {
        Intent.PROGRESS: "标牌装好了 护栏没装|路修完了，灯没亮|马上好，莫急",
        Intent.NOT_DONE: "护栏没装|缆绳没换",
    },
    "a slip of the hand": {
        Intent.UNDO: "手抖点了办结，帮我撤回|不小心按了完成，撤回|手快点了完成",
    },
    "passed on, as others wrote it": {
        Intent.NONE: "转：请各村抓紧清理|【转】各科室务必尽快报送|转发：请各单位尽快整改。各镇必须月底完成",
        Intent.PROGRESS: "转：已完成八成",
    },
    "praise of others": {
        Intent.NONE: "农业局真快，都交了|水利局厉害，都办结了|你们真快，都弄完了|祝贺农业局，全部办结|向县局学习，都销号了|恭喜东镇第一个销号",
    },
    "people's own life": {
        Intent.NONE: "我家水管修好了|我女儿的婚事办完了|会场的灯换好了，可以进了|吃了没|路上慢点|我家孩子考完了",
        Intent.DONE: "我家酒坊已整改",
        Intent.ACKNOWLEDGE: "可以，可以",
    },
    "several tasks": {
        Intent.PROGRESS: "A-1完成八成 A-2没动|A-3办完了，A-5还差一点|3号和5号都完成了，7号还在等批文|7号已办结，8号明天报|第2项好了 第4项缺个章",
        Intent.NOT_DONE: "A-2没动 A-4没办",
        Intent.EXTEND: "3号已完成，5号要晚几天",
        Intent.DONE: "2号和4号都办结了|2号、4号已办结",
    },
    "part of it": {
        Intent.PROGRESS: "12家里弄完9家|一共20个点，弄了15个了|还有三户没签|整改了大概三分之二|只剩最后一处没弄|十个搞定六个，其余下周",
    },
    "what asks, behind a denial": {
        Intent.PROGRESS: "A-1已完成七成，没有什么问题|开挖过半，没啥困难|进场了，没有什么特别的情况|在做了，没有多大问题|推进中，没什么异常",
        Intent.NOT_DONE: "这个月没有什么进展|没有多少进展|没有多大进展",
        Intent.DONE: "已办结，没有什么遗留|都弄好了，没有什么问题",
        Intent.QUESTION: "有没有什么问题|为什么没有什么反馈|没有什么问题吧？",
    },
    "what somebody says": {
        Intent.PROGRESS: "老孙讲都清完了，我去核一下|站里讲修好了|会计讲交了",
        Intent.DONE: "就是说我们已经弄完了|讲真，都弄好了",
    },
    "a choice": {
        Intent.QUESTION: "这个是交原件还是复印的|是填一张还是每家都填|复核是你们来还是我们去|你们是按季报还是按月的",
    },
    "what was handed in once more, or in what form": {
        Intent.DONE: "已重新报送|退回的表已重新提交|电子版已发|原件已送|台账已上传平台|培训小结全部提交完毕|值班表已报|小结昨天就送到了|摸排整改结束",
        Intent.NONE: "请重新报送",
        Intent.PROGRESS: "培训已完成|自评正在写|摸排结束",
    },
    "one's own": {
        Intent.DONE: "本厂已整改完毕|我矿已办结|交办任务已办结|最后一家也弄完了|大家努力下都搞掂了|已按要求落实到位",
        Intent.PROGRESS: "厂家已整改完毕|最后一家还在弄|只剩最后一处",
    },
    "not a thing, and for want of what": {
        Intent.NOT_DONE: "啥都没办|什么也没弄|没弄完，缺人手|没搞，缺钱",
        Intent.PROGRESS: "缺人|眼下缺钱|缺人手，慢得很|都弄完了，就是缺人",
    },
    "signed by whom it is about, or not": {
        Intent.DONE: "信访件已办结，本人签字认可|路灯已修复，村民已签字确认",
        Intent.NOT_DONE: "乡亲不签字认可",
        Intent.PROGRESS: "商户已签字确认|预算一分不剩|不剩几周了|信访件已办结，大部分签字认可",
    },
    "all of it, in a word": {
        Intent.DONE: "全部OK|都ok了|这项拿下了",
    },
    "behind a nod": {
        Intent.DONE: "嗯已经报了|好的早就交了|是的，昨天就弄好咯",
        Intent.ACKNOWLEDGE: "嗯，已经看到了",
    },
    "what was done to those who are named": {
        Intent.DONE: "居民已转移|租户已清退|群众都疏散了|住户已安置完毕",
        Intent.PROGRESS: "住户已整改|企业已申报",
    },
    "spoilt": {
        Intent.NOT_DONE: "水泵弄坏了，得重新弄|搞砸了",
    },
    "what the other has": {
        Intent.QUESTION: "东西弄好没|弄好了还没",
        Intent.DONE: "投诉已办结，本人签字认可",
    },
    "a number, and when it was spoken of": {
        Intent.DONE: "另外上次那个#6已办结|上回那件#3已完成",
    },
    "where it was sent": {
        Intent.DONE: "月报已发邮箱|登记表已上传系统|小结已报督查室|按通知把报表交到督办科了",
    },
    "how it was planned": {
        Intent.PROGRESS: "预计周三好|打算下周一完|今晚弄完",
        Intent.DONE: "已按设计整改完毕|按清单已整改到位|连夜弄完了",
    },
    "what was answered": {
        Intent.DONE: "投诉已答复，对方没意见|诉求已答复",
        Intent.PROGRESS: "那家单位已答复我们",
        Intent.ACKNOWLEDGE: "等局长定了再答复|下班了明天再答复",
    },
    "what was put up": {
        Intent.DONE: "弯道已安装减速带|坝顶已安装警示牌",
        Intent.PROGRESS: "弯道已安装电子屏|风机已安装",
    },
    "what is nobody's no": {
        Intent.DONE: "旧木门已更换|河边木板已清走",
    },
    "neighbours": {
        Intent.PROGRESS: "隔壁镇都销号了|隔壁局弄完了",
    },
    "until when it takes": {
        Intent.PROGRESS: "要到七月中旬|估计要到月底",
        Intent.NOT_DONE: "6月底弄不完，要到7月20号|来不及了，年底才能建成",
    },
    "beside a picture": {
        Intent.DONE: "现场照片，已整改|整改完毕，见图",
        Intent.PROGRESS: "见图，围挡已装好",
        Intent.NONE: "整改前后对比图|这是验收单，请查收|昨天的检查照片|检查照片",
    },
    "why it is late": {
        Intent.NOT_DONE: "上周下大雨耽误了|前面机器坏了，所以慢了|因为疫情人手不足，进度慢了点|节前放假没人，拖了几天|财政没拨款，干不了|中途耽搁了一阵",
    },
    "others are to blame": {
        Intent.NOT_DONE: "供货商没发货，我们也没办法|业主不配合，弄不动|省厅系统打不开，报不上去",
        Intent.PROGRESS: "是县里没报上来|乡镇还没交数据|施工队跑路了|孙总那边还没盖章",
    },
    "on a condition": {
        Intent.PROGRESS: "如果款到位，周五能完|等批文下来三天内搞定|天气好的话月底前能完|只要设备到货就装|除非下雨，否则明天能完|周五能完|月底肯定完",
        Intent.ACKNOWLEDGE: "领导签字后马上报",
    },
    "not ours": {
        Intent.NOT_DONE: "我们县没有这类企业|本单位不涉及|无此类情况|我局无相关事项|转给市水务局|交由他们办理",
    },
    "somebody else is to be urged": {
        Intent.QUESTION: "麻烦催一下他们|请催一下县住建局，数据还没给我们|帮我们催催交通局|请你们催一下各镇|能不能催一下教育局",
        Intent.ACKNOWLEDGE: "我去催一下他们",
        Intent.NONE: "别催了|请督促施工单位",
    },
    "what is wrong in the list": {
        Intent.QUESTION: "A-1完成时间写成6月3日了|第6项的牵头单位错了，应该是农业局|责任单位不对|这条不是发给我们的吧|退回原因没看懂|看不懂这个要求|麻烦请你们出面|截止时间是今天下午还是明天",
    },
    "how it goes on": {
        Intent.PROGRESS: "摊贩劝走又回来了|3季度的检查做完了|没得问题，周三完|干着呢|还在拆着|补材料中|检测报告出来了|报告出来了，有两项不合格|各镇都报上来了，正在汇总",
        Intent.NOT_DONE: "冇搞掂|3户死活不签|抽检不合格|5号我们局不涉及，请改派",
        Intent.DONE: "摊贩都劝走了|灭火器换成新的了|按你们说的改好了|报告已送到您办公室|已建成投用|退回来的问题改好了，重新报上去了|已整改完，没有此类问题了",
        Intent.ACKNOWLEDGE: "已读|以后这块找小刘",
        Intent.EXTEND: "9月15号交不了，申请到25号",
    },
    "what others said, and it was not so": {
        Intent.NOT_DONE: "说完成了其实没有|报了办结其实没弄完|说弄好了，实际上没有",
        Intent.PROGRESS: "听说县里都完成了|据说邻县都弄完了|业主死活不同意拆|居民不同意搬",
    },
    "nothing to tell": {
        Intent.PROGRESS: "零报告|本月零报告，请查收|收到，本周零报告|本月无此类情况|本季度不涉及|本月没有新增|本周无新增隐患|未发现异常|本月未发生燃气事故|本旬无|我局没有要报的",
        Intent.DONE: "整改已完成，无新增隐患",
        Intent.NOT_DONE: "没弄完，本月没有新增",
        Intent.QUESTION: "要零报告吗",
    },
    "somebody else sees to it": {
        Intent.ACKNOWLEDGE: "转给李工|这项转给李工负责|李工负责这个，我不管了|已转李工办理|交给小王去跟了|这事由张科长牵头落实|以后这项找李工对接|我休假，本周由王主任代管|"
        "转给办公室办理|请转给王主任|换人了，以后联系我|原来的联络员调走了，现在我负责|A-3由李工负责，A-5由王科负责",
        Intent.PROGRESS: "安排小赵去盯着，周五前完成|李工在办|我负责的部分已完成|材料交给王科了|已电话跟王科报过了",
        Intent.QUESTION: "能不能转给李工|这项由谁负责",
        Intent.NONE: "不要转给李工",
    },
    "an answer is to come": {
        Intent.ACKNOWLEDGE: "今天下班前回复|下班前给您回话|明天上午答复|我马上去问|我去问一下再回您|我问问业务科室|先核实一下，稍后回复|等会儿给您准信|我请示下领导再回复|"
        "在开会，晚点回|等局长定了再回复|今天之内给您准话|问一下科室再说",
        Intent.QUESTION: "我问一下，这个怎么报|今天能答复吗|请问怎么答复",
        Intent.NONE: "请回复|请尽快回复|他们说明天回复",
    },
    "seen, with a tick": {
        Intent.ACKNOWLEDGE: "收到✅|Z-7收到✅|已阅✔|通知收到☑|收到，行了|嗯好 知道啦|收到，毕",
        Intent.DONE: "收到✅已办结|收到✅ 都弄好了|已整改✅|✅",
    },
    "done first, then something else": {
        Intent.PROGRESS: "办好了再报|做完了再报|完成再报|整改完我再报一遍|整改到位再验收",
        Intent.ACKNOWLEDGE: "收到，弄好了再报",
        Intent.DONE: "已整改完，再报一次|整改完毕已发您|整改完毕发您了",
    },
    "taken back": {Intent.UNDO: "忽略上一条|请忽略|这条作废，重新报|发错了不好意思|刚才说错了，是5号不是3号"},
    "passed on": {Intent.PROGRESS: "线索已移交住建局|已经移送公安处理|已转发各科室|已传达到各乡镇|已布置下去|领导已批示，在办|已上会，等纪要"},
    "which of them are to be sent": {
        Intent.LIST: "发下我们的台账|把逾期的传一下|把没交的发我|把我们没办完的发来|没报的发一份给我|把欠的列给我|快到期的发我看看|把要交的给我发下",
        Intent.PROGRESS: "没报的已经发您了",
    },
    "whether to do it at all": {
        Intent.QUESTION: "还要不要签字|还要不要再报一遍|还用不用附图|还该不该催他们|还需不需要盖章|应不应该报县里",
    },
    "not finished, and a slip of the office": {
        Intent.NOT_DONE: "没有弄完，你们写错了|还没办结，贵办标错了",
        Intent.QUESTION: "没弄完，是不是你们标错了|你们写错了|都弄好了，你们标错了",
    },
    "handed in, said again": {
        Intent.DONE: "交了，早上就交了|办完了，今早就办完了|报了，中午就报了",
        Intent.PROGRESS: "上午就报|报表上午就能报",
    },
    "dialect, at an end": {
        Intent.DONE: "搞店了|都整好嘞|弄好嘞|修好嘞，没漏的",
        Intent.ACKNOWLEDGE: "好嘞|好嘞，马上整",
    },
    "what people talk about among themselves": {
        Intent.NONE: "晚饭吃什么|食堂今天吃啥|谁有发言稿模板|谁有空开车|今天天气怎么样|谁有月报的表",
        Intent.QUESTION: "谁有这项任务的模板|谁有督办单",
    },
    "what was lacking, and is there": {
        Intent.DONE: "没证的厨师已持证|没有证的保安都持证了|没登记的保姆已持证上岗",
        Intent.NOT_DONE: "厨师没持证|没证的厨师还没持证",
    },
    "where it was moved": {
        Intent.DONE: "液化气瓶都移到室外了|煤炉已搬到屋外|货架移到仓库了",
        Intent.EXTEND: "能不能移到周五",
        Intent.PROGRESS: "明天把气瓶移到室外",
    },
    "answered, by another word": {
        Intent.DONE: "信访件已回复|投诉已回复投诉人，对方满意",
        Intent.PROGRESS: "那家单位已回复我们|他们回复说弄完了",
    },
    "not the least of it": {
        Intent.NOT_DONE: "一户都没签|一个也没装|压根没人理|一家没谈",
        Intent.DONE: "已办结，一户都没漏|都装好了，一个都没少",
    },
    "for how long it was left": {
        Intent.NOT_DONE: "上月就该修的，拖到现在还没修|拖到今天还没动",
        Intent.EXTEND: "能不能拖到后天",
    },
    "a list, and which of them": {
        Intent.LIST: "发一下我们没交的|我们镇的任务清单发一份|传一下逾期的|台账发一份给我",
    },
    "a number, and how much of it, or whose": {
        Intent.PROGRESS: "6号完成七成|4号完成30%",
        Intent.QUESTION: "9号是我们牵头吗|8号归谁管|7号具体啥要求",
    },
    "lent among people": {
        Intent.NONE: "谁有车明天去省里|谁有市里的会议文件",
    },
    "stuck in the traffic": {
        Intent.NONE: "路上堵车堵死了|今天桥头堵死了|刚才城里堵死了",
    },
    "people's own things": {
        Intent.NONE: "头发剪好了|昨天牙拔了|衣服洗干净了|食堂饭菜换新了|车险办好了|驾照换好了|房贷还清了|厕所堵了|水沟又堵了",
    },
    "a trouble in whose name is a no": {
        Intent.DONE: "旅店未登记的问题整改好了",
    },
    "a proof follows": {
        Intent.DONE: "都改好了，照片随后发|整改完毕，图片稍后传",
        Intent.PROGRESS: "都改好了，报告随后报",
    },
    "theirs": {
        Intent.NOT_DONE: "这事和我们单位没关系|跟我局没关系",
    },
    "hung up": {
        Intent.DONE: "标语全都挂上了|告示都贴上了",
    },
    "somebody is called": {
        Intent.DONE: "王科，任务已办结|小区整治已完成|老旧小区改造已完成|周总结已报送",
        Intent.ACKNOWLEDGE: "王主任，收到|张工，知道了",
    },
}  # fmt: skip


@pytest.mark.parametrize("kind", EVERYDAY)
def test_a_message_of_every_day_means(kind: str) -> None:
    wrong = {
        said: str(heard(said).intent)
        for intent, texts in EVERYDAY[kind].items()
        for said in texts.split("|")
        if heard(said).intent is not intent
    }
    assert wrong == {}


def test_a_colleague_s_completion_and_a_thing_nearly_done_are_no_sure_reports() -> None:
    doubtful = (
        "李工已经弄完了",
        "小张说弄完了",
        "都弄得差不离了",
        "八九成完成了",
        "移交完成",
        "李工负责的完成了",
    )
    assert [said for said in doubtful if (heard(said).intent, heard(said).confident) == (Intent.DONE, True)] == []


def test_of_what_was_moved_and_of_who_has_a_licence_now_only_a_known_place_is_sure() -> None:
    said = ("液化气瓶都移到室外了", "煤炉已搬到屋外", "货架移到仓库了", "没证的厨师已持证", "中午就报了")
    assert [one for one in said if heard(one).confident] == ["液化气瓶都移到室外了", "煤炉已搬到屋外"]


@pytest.mark.parametrize(
    ("said", "task"),
    [("6号完成七成", "6"), ("预计6号完成七成", None), ("9号是我们牵头吗", "9"), ("12号要到月底", "12"), ("12号要到现场看", None), ("8号归谁管", "8"), ("是9号截止吗", None), ("7号具体啥要求", "7")],
)  # fmt: skip
def test_what_a_number_is_by_what_is_told_of_it(said: str, task: str | None) -> None:
    assert heard(said).task == task


def test_of_one_time_that_nobody_dates_it_is_asked() -> None:
    assert [heard(said).confident for said in ("这次的抽查做完了", "这轮的走访已完成", "抽查做完了")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    ("said", "task", "sure"),
    [("2和4弄完了，6要延到7月20日", "6", True), ("1办结了，9想缓到7月5日", "9", True), ("5号弄好了，6号要延到7月5日", "6", True),
     ("2和4弄完了，那个要延到7月20日", None, False), ("3号没弄完，要延到7月20日", "3", True)],
)  # fmt: skip
def test_more_time_is_never_asked_for_what_is_said_to_be_finished(said: str, task: str | None, sure: bool) -> None:
    assert (heard(said).intent, heard(said).task, heard(said).confident) == (Intent.EXTEND, task, sure)


@pytest.mark.parametrize(
    ("said", "due"),
    [("过三天能弄好", date(2022, 6, 4)), ("过了三天", None), ("8号发的那个函还要回吗", None), ("8号前报吗", date(2022, 6, 8)), ("五天内拿下", date(2022, 6, 6)),
     ("明儿一早就报", date(2022, 6, 2)), ("今日收工前畀您", ON), ("明天给您", date(2022, 6, 2))],
)  # fmt: skip
def test_a_day_in_other_words_and_one_that_only_says_which(said: str, due: date | None) -> None:
    assert heard(said).due == due


@pytest.mark.parametrize(
    ("said", "task"), [("把12项的期限放宽些", "12"), ("请把第7项的时限放宽点", "7"), ("这3项的期限能不能放宽点", None)]
)
def test_a_task_whose_deadline_is_spoken_of(said: str, task: str | None) -> None:
    assert (heard(said).intent, heard(said).task) == (Intent.EXTEND, task)


def test_praise_of_nobody_and_a_house_that_is_not_one_s_own_leave_a_report() -> None:
    told = ("恭喜，都办完了", "五保户家里的线路换了", "教育局真快，都办完了")
    assert [(heard(said).intent, heard(said).confident) for said in told] == [
        (Intent.DONE, False),
        (Intent.DONE, False),
        (Intent.NONE, True),
    ]


def test_a_day_of_why_it_takes_longer_is_none_that_is_asked_for() -> None:
    assert heard("年底事多，晚几天行吗").due is None
    assert heard("6月20日再交，晚几天行吗").due == date(2022, 6, 20)


@pytest.mark.parametrize("said", ["不行，没搞成", "不行，还没修好", "不行，弄不完"])
def test_who_says_that_it_is_not_finished_refuses_nothing(said: str) -> None:
    assert understand(said, on=ON, due=DUE).intent is Intent.NOT_DONE
    assert understand("不行", on=ON, due=DUE).intent is Intent.REFUSE


@pytest.mark.parametrize(
    ("said", "due"),
    [("今天能报上来", ON), ("今天能交", ON), ("今晚就能发过来", ON), ("明天能送上来", date(2022, 6, 2)), ("今天一定弄", None), ("今天开会", None)],
)  # fmt: skip
def test_today_counts_where_it_will_be_handed_in(said: str, due: date | None) -> None:
    assert heard(said).due == due


@pytest.mark.parametrize(
    ("said", "percent"),
    [
        ("施工过半", None),
        ("挖了一大半", None),
        ("完成一多半", None),
        ("拆了一半多", None),
        ("完成一半", 50),
        ("从60%到80%了", 80),
        ("进度由三成提高到70%", 70),
        ("进度5/8", None),
    ],
)
def test_more_than_half_is_no_share(said: str, percent: int | None) -> None:
    assert (heard(said).intent, heard(said).percent) == (Intent.PROGRESS, percent)


def test_an_end_told_of_nothing_is_a_report_only_where_it_stands_alone() -> None:
    """Beside 收到, or said twice, it may only end what is said, and is asked about; what says of what it is told is a report."""
    beside = "收到，好了|妥了，收到|好了，收到|完了，收到|嗯好了知道了|好了好了|好了，好了|OK好了|收到好了|任务收到妥了|好，好了|👌好了|收到，完毕|收到，到位|收到，✅|弄好了发您"
    sure = "收到，已全部完成整改|收到，已好|收到，都好了|收到，Z-7好了|收到，弄好了|收到，已办结|好了，收到，已全部整改完成|好了|妥了|完了|好了谢谢|谢谢，好了|好了，请核查"
    wrong = {
        said: (str(heard(said).intent), heard(said).confident)
        for texts, confident in ((beside, False), (sure, True))
        for said in texts.split("|")
        if (heard(said).intent, heard(said).confident) != (Intent.DONE, confident)
    }
    assert wrong == {}


@pytest.mark.parametrize(
    ("said", "who"),
    [("转给李工", "李工"), ("这事由张科长牵头落实", "张科长"), ("转给办公室办理", "办公室"), ("以后这项找李工对接", "李工"), ("我休假，本周由王主任代管", "王主任"),
     ("换人了，以后联系我", ""), ("现在我负责", ""), ("收到", None), ("我马上去问", None), ("不要转给李工", None), ("周工作已完成", None),
     ("收到，转应急办办理", "应急办"), ("转安监科办，月底前完成", "安监科"), ("转给李工办，正在弄", "李工"), ("转李工了，还没弄完", "李工"), ("已转县水利局办理", None), ("井盖都换成防坠落的了", None), ("联系人换成李工", "李工")],
)  # fmt: skip
def test_who_sees_to_it_now(said: str, who: str | None) -> None:
    assert heard(said).in_charge == who


@pytest.mark.parametrize(
    ("said", "due"), [("今天下班前回复", ON), ("明天上午答复", date(2022, 6, 2)), ("周五给您准话", date(2022, 6, 3)), ("我马上去问", None)]
)  # fmt: skip
def test_an_answer_may_be_promised_for_a_day(said: str, due: date | None) -> None:
    assert (heard(said).will_answer, heard(said).due) == (True, due)


def test_what_is_nobody_s_there_is_told_apart_from_what_is_late() -> None:
    told = ("本单位不涉及", "零报告", "本月不涉及", "还没完成", "收到")
    assert [heard(said).not_ours for said in told] == [True, False, False, False, False]


@pytest.mark.parametrize(
    ("said", "nil"),
    [("本月零报告", True), ("无", True), ("本单位不涉及", True), ("我镇没有此类企业", True), ("收到，本月无新增", True), ("不归我们管", False),
     ("我局不涉及该项工作", False), ("不涉及，请改派", False), ("已完成，无新增", False), ("没完成，无新增", False), ("各镇零报告", False)],
)  # fmt: skip
def test_that_there_was_nothing_is_told_apart_from_whose_it_is_and_how_it_stands(said: str, nil: bool) -> None:
    assert heard(said).nil is nil


def test_a_new_word_is_one_more_in_its_line() -> None:
    """One word more in one line of the lexicon, and whatever is said with it is heard; docs/architecture.md shows the diff."""
    known = lexicon().senses
    assert "抛锚" not in known
    more = Lexicon(dict(known) | {"抛锚": Sense.STUCK}, {})
    (clause,) = clauses_of("工程抛锚了", (), more)
    assert said_by(features(clause, coordinator=False)) is Says.UNFINISHED
    assert heard("工程抛锚了").intent is Intent.NONE


def test_six_hundred_messages_of_our_own_are_tried_by_feature() -> None:
    ours = {said for by_intent in EVERYDAY.values() for texts in by_intent.values() for said in texts.split("|")}
    tables = test_understanding
    ours |= {said for texts in (*tables.FEATURES.values(), *tables.SURE.values()) for said in texts.split("|")}
    ours |= {said for pair in tables.REORDERED for said in pair} | set(tables.PLAIN) | set(tables.ASKED_BACK)
    ours |= {said for texts in test_understand.MESSAGES.values() for said in texts.split("|")} | set(
        test_understand.NEVER_DONE
    )
    assert len(ours) >= 600


@pytest.mark.parametrize(
    ("said", "day", "of_a_step"),
    [("明天开会研究", 2, True), ("6月20日前完成招标", 20, True), ("6月20日前先把方案定下来", 20, True), ("明天收尾", 2, False), ("6月20日前整改完", 20, False),
     ("6月9日完成招标，6月20日全部完成", 20, False)],
)  # fmt: skip
def test_a_day_on_which_a_step_is_to_be_is_not_that_of_the_end(said: str, day: int, of_a_step: bool) -> None:
    assert (heard(said).due, heard(said).of_a_step) == (date(2022, 6, day), of_a_step)


def test_a_picture_that_others_sent_is_their_word() -> None:
    assert (heard("物业发来照片，已经修好了").intent, heard("物业发来照片，已经修好了").confident) == (
        Intent.PROGRESS,
        False,
    )
    assert heard("已经修好了，照片发您").intent is Intent.DONE


def test_a_day_that_is_gone_is_not_asked_about_a_year_ahead() -> None:
    assert [heard(said).due for said in ("A-1完成时间写成5月3日了", "明年5月3日前报吗", "6月3日前报吗")] == [
        None,
        date(2023, 5, 3),
        date(2022, 6, 3),
    ]


@pytest.mark.parametrize(
    ("said", "day"),
    [
        ("6/30 24时前完成", date(2022, 6, 30)),
        ("明天18点前办结", date(2022, 6, 2)),
        ("抓紧弄，周五前给", date(2022, 6, 3)),
        ("料没到，请改7月3日", date(2022, 7, 3)),
        ("到20号怎么也弄完了", date(2022, 6, 20)),
        ("最晚6月20号交，对吗", date(2022, 6, 20)),
    ],
)
def test_a_day_in_few_signs_is_the_one_that_is_meant(said: str, day: date) -> None:
    assert heard(said).due == day


def test_a_number_of_which_it_is_asked_what_it_says_is_a_task() -> None:
    assert (heard("15项是啥内容").tasks, heard("15项是我们干的").tasks) == (("15",), ())


@pytest.mark.parametrize("said", ["下午5点前发您", "下午6点前报给你们"])
def test_an_hour_without_a_day_is_of_today(said: str) -> None:
    assert heard(said).due == ON


def test_a_day_of_the_week_before_a_wish_is_no_share() -> None:
    wanted = heard("雨没停，挪到下周三成不")
    assert (wanted.intent, wanted.percent, wanted.due) == (Intent.EXTEND, None, date(2022, 6, 8))
